public import Graph

/// A change of one line of the model's file that would mend it.
public struct Edit: Hashable, Sendable {
    /// What is changed there.
    public enum Change: Hashable, Sendable {
        /// The first text by the second, the last time it begins before the place, or the first time after it.
        case replace(String, with: String)
        /// `name(x)` by `x`.
        case unwrap(String)
        /// The layer that begins with the text is taken out, and the line with it if nothing else is left.
        case remove(String)
    }

    /// The line, and near which column.
    public var place: SourceLocation
    /// What to do there.
    public var change: Change

    /// The change at `place`; nil without a place.
    public init?(at place: SourceLocation?, _ change: Change) {
        guard let place else { return nil }
        self.place = place
        self.change = change
    }

    /// The line after the change, empty where it is to go; nil if `line` does not hold what is to be changed.
    public func applied(to line: String) -> String? {
        switch change {
        case .replace(let old, let new):
            return range(of: old, in: line).map { line.replacingCharacters(in: $0, with: new) }
        case .unwrap(let name):
            guard let call = range(of: "\(name)(", in: line), let end = closing(line, from: call.upperBound) else {
                return nil
            }
            let inside = line[call.upperBound..<end]
            return line.replacingCharacters(in: call.lowerBound..<line.index(after: end), with: String(inside))
        case .remove(let layer):
            guard let call = range(of: "\(layer)(", in: line), let end = closing(line, from: call.upperBound) else {
                return nil
            }
            var parts = line.split(separator: ";", omittingEmptySubsequences: false).map(String.init)
            let text = String(line[call.lowerBound...end])
            guard let index = parts.firstIndex(where: { $0.trimmed == text }) else { return nil }
            let margin = String(line.prefix { $0 == " " || $0 == "\t" })
            parts.remove(at: index)
            return parts.allSatisfy { $0.trimmed.isEmpty }
                ? "" : margin + parts.map(\.trimmed).joined(separator: "; ")
        }
    }

    /// Where `text` stands in `line`: the one nearest before the place, else the first.
    private func range(of text: String, in line: String) -> Range<String.Index>? {
        let all = line.ranges(of: text)
        let column = place.column - 1
        return all.last { line.utf8.distance(from: line.startIndex, to: $0.lowerBound) <= column } ?? all.first
    }

    /// The parenthesis that closes the one before `start`.
    private func closing(_ line: String, from start: String.Index) -> String.Index? {
        var depth = 1
        for index in line[start...].indices {
            if line[index] == "(" { depth += 1 }
            if line[index] == ")" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
