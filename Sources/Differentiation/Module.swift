// The module Differentiation.
