import Mending

extension LineDiff {
    /// The lines that change, with one kept line about each run of them.
    var html: HTML {
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

extension HTML {
    /// The text of a unified difference.
    init(unifiedDiff text: String) {
        let rows = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
            index, line -> HTML in
            if index < 2 || line.hasPrefix("@@") { return "<span class=\"soft\">\(line)</span>" }
            if line.hasPrefix("-") { return "<span class=\"gone\">\(line)</span>" }
            if line.hasPrefix("+") { return "<span class=\"new\">\(line)</span>" }
            return "\(line)"
        }
        self = "<pre class=\"diff\">\(rows.joined())</pre>"
    }
}
