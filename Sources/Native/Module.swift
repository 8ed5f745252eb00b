// The module Native.
