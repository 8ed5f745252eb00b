/// What changes from one text to another, line by line.
public struct LineDiff: Sendable {
    /// A line that is in both, in the first alone, or in the second alone.
    public enum Line: Hashable, Sendable {
        case kept(String)
        case gone(String)
        case new(String)
    }

    /// All lines, in order; of a change first what is gone.
    public let lines: [Line]

    /// The change from `old` to `new`, whose ends of lines are not told apart from none at the end.
    public init(from old: String, to new: String) {
        func lines(of text: String) -> [String] {
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            if lines.last == "" { lines.removeLast() }
            return lines
        }
        self.init(from: lines(of: old), to: lines(of: new))
    }

    /// The change from `old` to `new` that keeps the most lines.
    ///
    /// - Complexity: the product of the numbers of lines between the first and the last that differ.
    init(from old: [String], to new: [String]) {
        let head = zip(old, new).prefix { $0 == $1 }.count
        let (oldRest, newRest) = (old[head...], new[head...])
        let tail = zip(oldRest.reversed(), newRest.reversed()).prefix { $0 == $1 }.count
        lines =
            old[..<head].map { .kept($0) } + Self.changes(Array(oldRest.dropLast(tail)), Array(newRest.dropLast(tail)))
            + old[(old.count - tail)...].map { .kept($0) }
    }

    /// By the longest common subsequence.
    private static func changes(_ a: [String], _ b: [String]) -> [Line] {
        // Its length for what follows each pair of places.
        var longest = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() {
                longest[i][j] = a[i] == b[j] ? longest[i + 1][j + 1] + 1 : max(longest[i + 1][j], longest[i][j + 1])
            }
        }
        var (i, j) = (0, 0)
        var lines: [Line] = []
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, a[i] == b[j] {
                lines.append(.kept(a[i]))
                (i, j) = (i + 1, j + 1)
            } else if i < a.count, j == b.count || longest[i + 1][j] >= longest[i][j + 1] {
                lines.append(.gone(a[i]))
                i += 1
            } else {
                lines.append(.new(b[j]))
                j += 1
            }
        }
        return lines
    }
}
