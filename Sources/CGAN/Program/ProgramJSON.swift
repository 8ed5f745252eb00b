internal import Foundation

extension Program {
    /// The program as JSON with sorted keys: the same bytes from any process, one key to a line.
    ///
    /// - Throws: an encoding error if the program holds a number that is not finite.
    public func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return [UInt8](try encoder.encode(self))
    }
}
