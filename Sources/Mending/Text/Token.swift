/// A piece of a Swift file: a word, a number, a string, or a single mark. Comments are none.
struct Token: Equatable {
    enum Kind { case word, number, string, mark }

    var kind: Kind
    var text: String
    /// Where it stands in the file's UTF-8.
    var range: Range<Int>

    /// The tokens of `bytes`: as much of Swift's grammar as it takes to find declarations, calls and their arguments, and
    /// to leave alone what comments and strings say.
    static func all(in bytes: [UInt8]) -> [Token] {
        var lexer = Lexer(bytes: bytes)
        var tokens: [Token] = []
        while let token = lexer.next() { tokens.append(token) }
        return tokens
    }
}

private struct Lexer {
    let bytes: [UInt8]
    var position = 0

    private func byte(_ offset: Int = 0) -> UInt8? {
        bytes.indices.contains(position + offset) ? bytes[position + offset] : nil
    }

    private func begins(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    mutating func next() -> Token? {
        skipSpaceAndComments()
        guard let first = byte() else { return nil }
        let start = position
        var hashes = 0
        while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
        if byte(hashes) == UInt8(ascii: "\"") {
            position += hashes
            skipString(hashes: hashes)
            return token(.string, from: start)
        }
        if first == UInt8(ascii: "`") {
            position += 1
            while let byte = byte(), byte != UInt8(ascii: "`"), byte != UInt8(ascii: "\n") { position += 1 }
            position = min(position + 1, bytes.count)
            return token(.word, from: start)
        }
        if first.isDigit { return number(from: start) }
        if first.isWordPart {
            while let byte = byte(), byte.isWordPart { position += 1 }
            return token(.word, from: start)
        }
        position += 1
        return token(.mark, from: start)
    }

    private func token(_ kind: Token.Kind, from start: Int) -> Token {
        Token(kind: kind, text: String(decoding: bytes[start..<position], as: UTF8.self), range: start..<position)
    }

    /// `20_000`, `1e-4`, `0.5`; of `0.7...1` only `0.7`.
    private mutating func number(from start: Int) -> Token {
        while let current = byte() {
            let isExponentSign =
                (current == UInt8(ascii: "-") || current == UInt8(ascii: "+"))
                && (bytes[position - 1] | 0x20) == UInt8(ascii: "e") && byte(1)?.isDigit ?? false
            let isPoint = current == UInt8(ascii: ".") && byte(1)?.isDigit ?? false
            guard current.isWordPart || isExponentSign || isPoint else { break }
            position += 1
        }
        return token(.number, from: start)
    }

    private mutating func skipSpaceAndComments() {
        while let current = byte() {
            if begins("//") {
                while let byte = byte(), byte != UInt8(ascii: "\n") { position += 1 }
            } else if begins("/*") {
                skipComment()
            } else if current <= UInt8(ascii: " ") {
                position += 1
            } else {
                return
            }
        }
    }

    /// Comments of this kind nest.
    private mutating func skipComment() {
        var depth = 0
        repeat {
            if begins("/*") {
                depth += 1
                position += 2
            } else if begins("*/") {
                depth -= 1
                position += 2
            } else {
                position += 1
            }
        } while depth > 0 && position < bytes.count
    }

    /// Past the string that begins at the quote here, what it interpolates included.
    private mutating func skipString(hashes: Int) {
        let isLong = begins("\"\"\"")
        let pound = String(repeating: "#", count: hashes)
        let end = (isLong ? "\"\"\"" : "\"") + pound
        position += isLong ? 3 : 1
        while let current = byte() {
            if begins(end) {
                position += end.utf8.count
                return
            }
            if !isLong, current == UInt8(ascii: "\n") { return }
            if begins("\\\(pound)(") {
                position += 1 + hashes + 1
                skipInterpolation()
            } else {
                position += begins("\\\(pound)") ? 2 + hashes : 1
            }
        }
    }

    /// Past the parenthesis that closes the one just before.
    private mutating func skipInterpolation() {
        var depth = 1
        while depth > 0, let token = next() {
            if token.text == "(" { depth += 1 }
            if token.text == ")" { depth -= 1 }
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Letters, digits, underscores, and all beyond ASCII.
    fileprivate var isWordPart: Bool {
        isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) || self == UInt8(ascii: "_")
            || self >= 0x80
    }
}
