import Foundation
import Graph

/// The lines of a model's files, to show beside what is said of them.
public struct SourceLines: Sendable {
    private let text: @Sendable (_ file: String) -> String?

    /// Lines of the text that `text` gives for a file's path; nil where it cannot be had.
    public init(_ text: @escaping @Sendable (_ file: String) -> String?) { self.text = text }

    /// Nothing is shown.
    public static let none = SourceLines { _ in nil }

    /// Swift files as they lie on the disk. Others, and any above 1 MiB, are left alone: the path may come from a saved
    /// program of a stranger's.
    public static let disk = SourceLines { path in
        guard path.hasSuffix(".swift"), let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: 1 << 20)
        else { return nil }
        return String(decoding: data, as: UTF8.self)
    }

    /// The line at `place` with its number, and a caret below the column; empty where the file cannot be read.
    ///
    ///        14 |         let fake = stopGradient(generated)
    ///           |                    ^
    func excerpt(at place: SourceLocation) -> [String] {
        guard let line = line(at: place) else { return [] }
        // Columns count bytes, as the compiler's do.
        let before = String(decoding: line.utf8.prefix(place.column - 1), as: UTF8.self)
        let padding = String(before.map { $0 == "\t" ? "\t" : " " })
        return ["\(Self.margin(place.line)) | \(line)", "      | \(padding)^"]
    }

    /// The line that `edit` changes, before and after; nil where it cannot be read or does not hold what is changed.
    public func change(_ edit: Edit) -> (before: String, after: String)? {
        guard let line = line(at: edit.place), let after = edit.applied(to: line) else { return nil }
        return (line, after)
    }

    /// The text of the line at `place`.
    private func line(at place: SourceLocation) -> String? {
        guard let lines = text(place.file)?.split(separator: "\n", omittingEmptySubsequences: false),
            lines.indices.contains(place.line - 1), place.column >= 1
        else { return nil }
        return String(lines[place.line - 1])
    }

    /// A line's number, right-aligned.
    static func margin(_ line: Int) -> String {
        let number = String(line)
        return String(repeating: " ", count: max(0, 5 - number.count)) + number
    }
}
