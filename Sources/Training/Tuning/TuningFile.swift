import Formats
import Foundation
import Lowering

/// A tuning on disk.
public enum TuningFile {
    /// Bytes of a file, at most.
    static let limit = 1 << 20

    /// Reads the file at `path`.
    ///
    /// - Throws: `FormatError` with the path and the line if it is not a tuning.
    public static func read(_ path: String) throws -> Tuning {
        let bytes = try InputFile.read(path, limit: limit)
        guard let text = String(bytes: bytes, encoding: .utf8) else {
            throw FormatError(path: path, "not a text in UTF-8", help: "give a file that `cganc tune` wrote")
        }
        do throws(Tuning.Mistake) {
            return try Tuning(text: text)
        } catch {
            throw FormatError(path: "\(path):\(error.line)", error.message, help: error.help)
        }
    }

    /// Writes `tuning` to `path`, whole or not at all.
    ///
    /// - Throws: `FormatError` if it cannot be written.
    public static func write(_ tuning: Tuning, to path: String) throws { try AtomicFile.write(tuning.text, to: path) }
}
