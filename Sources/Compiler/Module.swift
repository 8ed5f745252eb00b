// The module Compiler.
