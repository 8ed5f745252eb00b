// The module Training.
