// The module Lowering.
