/// The difference of two texts as `diff -u` prints it, for people and for `patch`.
public struct UnifiedDiff: Sendable {
    /// What the texts are called.
    public var before, after: String
    private let lines: [LineDiff.Line]
    /// How many lines around a change are shown.
    private let context = 3

    /// The difference of `old` and `new`, called `before` and `after`.
    public init(of old: String, and new: String, before: String, after: String) {
        self.before = before
        self.after = after
        lines = LineDiff(from: Self.lines(of: old), to: Self.lines(of: new)).lines
    }

    /// A last line without its end is told apart from one with it.
    private static func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" {
            lines.removeLast()
        } else if let last = lines.popLast() {
            lines.append(last + "\n\\ No newline at end of file")
        }
        return lines
    }

    /// The lines of the difference; empty if there is none.
    public var text: String {
        let changed = lines.indices.filter { lines[$0].sign != " " }
        guard let first = changed.first else { return "" }
        var hunks = [first..<first + 1]
        for index in changed.dropFirst() {
            if index - hunks[hunks.count - 1].upperBound <= 2 * context {
                hunks[hunks.count - 1] = hunks[hunks.count - 1].lowerBound..<index + 1
            } else {
                hunks.append(index..<index + 1)
            }
        }
        var result = ["--- \(before)", "+++ \(after)"]
        for hunk in hunks {
            let shown = max(0, hunk.lowerBound - context)..<min(lines.count, hunk.upperBound + context)
            result.append("@@ -\(place(of: shown, without: "+")) +\(place(of: shown, without: "-")) @@")
            result += lines[shown].map { "\($0.sign)\($0.text)" }
        }
        return result.joined(separator: "\n")
    }

    /// `first,count` of the lines `shown` in the one of the texts that lacks those of `sign`.
    private func place(of shown: Range<Int>, without sign: Character) -> String {
        let count = lines[shown].count { $0.sign != sign }
        let earlier = lines[..<shown.lowerBound].count { $0.sign != sign }
        let first = count == 0 ? earlier : earlier + 1
        return count == 1 ? "\(first)" : "\(first),\(count)"
    }
}

extension LineDiff.Line {
    /// What stands before it in a unified difference.
    fileprivate var sign: Character {
        switch self {
        case .kept: " "
        case .gone: "-"
        case .new: "+"
        }
    }

    fileprivate var text: String {
        switch self {
        case .kept(let text), .gone(let text), .new(let text): text
        }
    }
}
