// The module Optimization.
