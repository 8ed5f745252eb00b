import Graph

extension Finding {
    /// As a compiler prints it, so that an editor can jump there:
    ///
    ///     Model.swift:14:9: error[GZ003]: the generator's gradient is zero: …
    ///        14 |         let fake = stopGradient(…)
    ///           |                    ^
    ///     Model.swift:9:20: note: …
    ///     help: …
    ///        14 -         let fake = stopGradient(…)
    ///        14 +         let fake = …
    public func text(showing source: SourceLines = .none) -> String {
        var lines = [head] + excerpt(at: location, source)
        var shown = location
        for fact in evidence {
            lines.append("\(fact.location.map { "\($0): " } ?? "")note: \(fact.message)")
            // The line above is not shown again.
            if fact.location != shown { lines += excerpt(at: fact.location, source) }
            shown = fact.location
        }
        if let help { lines.append("help: \(help)") }
        if let (before, after) = edit.flatMap({ source.change($0) }), let line = edit?.place.line {
            lines.append("\(SourceLines.margin(line)) - \(before)")
            if !after.isEmpty { lines.append("\(SourceLines.margin(line)) + \(after)") }
        }
        return lines.joined(separator: "\n")
    }

    /// The first line: place, severity, code and message.
    public var head: String { "\(location.map { "\($0): " } ?? "")\(severity.rawValue)[\(code.rawValue)]: \(message)" }

    private func excerpt(at place: SourceLocation?, _ source: SourceLines) -> [String] {
        place.map { source.excerpt(at: $0) } ?? []
    }
}

extension Severity {
    /// The number and the word: `1 error`, `2 warnings`.
    func counted(_ count: Int) -> String { "\(count) \(rawValue)\(count == 1 ? "" : "s")" }
}
