/// Breaks emitted lines that are longer than a reader's window.
enum LineBreaking {
    /// The window's columns.
    static let width = 120
    /// Operands are aligned under the parenthesis that they belong to, unless it stands further right than this and
    /// they do not fit into one line there.
    private static let rightmostAlignment = 60

    /// A statement as the lines it is broken into, the first one without and the others with their indentation: after
    /// a comma or an operator, outside as many parentheses as possible.
    static func lines(of statement: String, indentedBy indent: Int) -> [String] {
        let given = statement.split(separator: "\n", omittingEmptySubsequences: false)
        guard given.count == 1 else {
            // What was broken on purpose keeps its own indentation.
            return given.enumerated().flatMap { index, line in
                let own = index == 0 ? indent : line.prefix { $0 == " " }.count
                let parts = Self.lines(of: String(line.drop { $0 == " " }), indentedBy: own)
                return index == 0 ? parts : [String(repeating: " ", count: own) + parts[0]] + parts.dropFirst()
            }
        }
        var lines: [String] = []
        var rest = Substring(statement)
        var column = indent
        while column + rest.count > width, let place = breakingPlace(of: rest, room: width - column) {
            lines.append(String(repeating: " ", count: lines.isEmpty ? 0 : column) + rest[..<place.index])
            if lines.count == 1 { column = alignment(of: rest, before: place.index, indent: indent) }
            rest = rest[place.index...].drop { $0 == " " }
        }
        lines.append(String(repeating: " ", count: lines.isEmpty ? 0 : column) + rest)
        return lines
    }

    /// `text` as lines of at most `width` columns, broken between words.
    static func filled(_ text: String, width: Int) -> [String] {
        guard text.count > width else { return [text] }
        var lines = [""]
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else if !word.isEmpty {
                lines.append(String(word))
            }
        }
        return lines
    }

    /// Where the continuation of a statement begins: under its innermost open parenthesis.
    private static func alignment(of text: Substring, before end: Substring.Index, indent: Int) -> Int {
        var open: [Int] = []
        for (column, character) in text[..<end].enumerated() {
            if character == "(" { open.append(column + 1) }
            if character == ")" { _ = open.popLast() }
        }
        let rest = text[end...].count - 1
        guard let innermost = open.last,
            indent + innermost <= rightmostAlignment || indent + innermost + rest <= width
        else { return indent + 4 }
        return indent + innermost
    }

    /// The last space within `room` at the least depth of parentheses; nil if there is none, or the line is a comment
    /// or a text.
    private static func breakingPlace(of text: Substring, room: Int) -> (index: Substring.Index, rank: Int)? {
        if text.hasPrefix("/*") || text.hasPrefix(" *") || text.hasPrefix("\"") { return nil }
        let least = room / 3
        var depth = 0
        var isQuoted = false
        var column = 0
        var best: (index: Substring.Index, rank: Int)?
        var index = text.startIndex
        while index < text.endIndex, column <= room {
            switch text[index] {
            case "\"": isQuoted.toggle()
            case "(", "{", "[": depth += 1
            case ")", "}", "]": depth -= 1
            case " " where !isQuoted && column >= least:
                if let rank = rank(ofSpaceAt: index, in: text), (best?.rank ?? .max) >= 4 * depth + rank {
                    best = (index, 4 * depth + rank)
                }
            default: break
            }
            index = text.index(after: index)
            column += 1
        }
        return best
    }

    /// How well a line can end before the space: 0 after a comma, more after operators that bind more closely.
    private static func rank(ofSpaceAt index: Substring.Index, in text: Substring) -> Int? {
        let before = text[..<index]
        let after = text[text.index(after: index)...]
        if before.hasSuffix(",") || before.hasSuffix(";") { return 0 }
        if before.hasSuffix(" =") || after.hasPrefix("? ") || after.hasPrefix(": ") { return 1 }
        if before.hasSuffix(" +") || before.hasSuffix(" -") || before.hasSuffix(" &&") { return 2 }
        if before.hasSuffix(" *") || before.hasSuffix(" /") { return 3 }
        return nil
    }
}
