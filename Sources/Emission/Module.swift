// The module Emission.
