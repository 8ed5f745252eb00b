// The module CGAN.
