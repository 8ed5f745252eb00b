/// What changes from one text to another, line by line.
public struct LineDiff {
    /// A line that is in both, in the first alone, or in the second alone.
    public enum Line: Hashable, Sendable {
        case kept(String)
        case gone(String)
        case new(String)
    }

    /// All lines, in order.
    public let lines: [Line]

    /// The change from `old` to `new` that keeps the most lines.
    ///
    /// - Complexity: the product of the numbers of lines, which are those of model files.
    public init(from old: String, to new: String) {
        let (a, b) = (Self.lines(of: old), Self.lines(of: new))
        // The longest common subsequence of what follows each pair of places.
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
        self.lines = lines
    }

    private static func lines(of text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The lines that change, with one kept line about each run of them.
    public var html: HTML {
        var shown = [Bool](repeating: false, count: lines.count)
        for (index, line) in lines.enumerated() {
            if case .kept = line { continue }
            for near in max(0, index - 1)...min(lines.count - 1, index + 1) { shown[near] = true }
        }
        var rows: [HTML] = []
        for (index, line) in lines.enumerated() {
            guard shown[index] else {
                if index > 0, shown[index - 1] { rows.append("<span class=\"soft\">  …</span>") }
                continue
            }
            switch line {
            case .kept(let text): rows.append("  \(text)")
            case .gone(let text): rows.append("<span class=\"gone\">- \(text)</span>")
            case .new(let text): rows.append("<span class=\"new\">+ \(text)</span>")
            }
        }
        return "<pre class=\"diff\">\(rows.joined())</pre>"
    }
}
