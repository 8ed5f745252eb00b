// The module Formats.
