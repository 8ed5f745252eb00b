/// The text of a model's file, read far enough to change it in place: which type is the model, where its members stand,
/// and what they are made of.
public struct ModelText: Sendable {
    /// The whole file.
    public let text: String
    /// Its UTF-8.
    let bytes: [UInt8]
    let tokens: [Token]
    /// The model's type.
    let typeName: String
    /// For each bracket the place of the one that it pairs with.
    private let partners: [Int: Int]
    /// The braces of the model's type and of its extensions.
    private let bodies: [Range<Int>]

    /// A property or function of the model.
    struct Member {
        /// From `var`, `let` or `func` to its end, in bytes.
        var range: Range<Int>
        /// What stands between its braces, or after its equals sign, in tokens.
        var body: Range<Int>
    }

    /// The text of a model's file; nil if it holds no type that conforms to `ConditionalGAN`, or its brackets do not
    /// pair, as they do in every file that compiles.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let tokens = Token.all(in: bytes)
        guard let partners = Self.partners(in: tokens), let model = Self.model(in: tokens, partners) else { return nil }
        self.text = text
        self.bytes = bytes
        self.tokens = tokens
        self.partners = partners
        typeName = model.name
        bodies = model.bodies
    }

    private static let closing = ["(": ")", "[": "]", "{": "}"]

    private static func partners(in tokens: [Token]) -> [Int: Int]? {
        var partners: [Int: Int] = [:]
        var open: [Int] = []
        for (index, token) in tokens.enumerated() where token.kind == .mark {
            if closing[token.text] != nil { open.append(index) }
            guard [")", "]", "}"].contains(token.text) else { continue }
            guard let begin = open.popLast(), closing[tokens[begin].text] == token.text else { return nil }
            partners[begin] = index
            partners[index] = begin
        }
        return open.isEmpty ? partners : nil
    }

    /// The name of the type that conforms to `ConditionalGAN`, the inside of its braces, then those of its extensions.
    private static func model(
        in tokens: [Token], _ partners: [Int: Int]
    ) -> (name: String, bodies: [Range<Int>])? {
        func body(after index: Int) -> (header: Range<Int>, inside: Range<Int>)? {
            guard let open = tokens[index...].firstIndex(where: { $0.text == "{" }), let close = partners[open] else {
                return nil
            }
            return (index..<open, open + 1..<close)
        }
        let kinds = ["struct", "class", "enum", "actor", "extension"]
        let types = tokens.indices.filter { kinds.contains(tokens[$0].text) }
        for index in types where index + 1 < tokens.count && tokens[index + 1].kind == .word {
            guard let (header, _) = body(after: index), tokens[header].contains(where: { $0.text == "ConditionalGAN" })
            else { continue }
            let name = tokens[index + 1].text
            let own = types.filter { $0 + 1 < tokens.count && tokens[$0 + 1].text == name }
            let ordered = own.filter { tokens[$0].text != "extension" } + own.filter { tokens[$0].text == "extension" }
            let bodies = ordered.compactMap { body(after: $0)?.inside }
            return bodies.isEmpty ? nil : (name, bodies)
        }
        return nil
    }

    /// True if the file itself declares the type `name`.
    func declaresType(_ name: String) -> Bool {
        tokens.indices.dropFirst().contains {
            tokens[$0].text == name && ["struct", "class", "enum"].contains(tokens[$0 - 1].text)
        }
    }

    /// The bracket that pairs with the one at `index`.
    func partner(of index: Int) -> Int { partners[index]! }

    /// The token after the one at `index`, past the bracket that it opens.
    func after(_ index: Int) -> Int {
        if let partner = partners[index], partner > index { partner + 1 } else { index + 1 }
    }

    /// The bytes from the first of `tokens` to the last.
    func byteRange(_ range: Range<Int>) -> Range<Int> {
        guard let first = tokens[range].first, let last = tokens[range].last else { return 0..<0 }
        return first.range.lowerBound..<last.range.upperBound
    }

    /// The text of `tokens`, with what stands between them.
    func text(of range: Range<Int>) -> String { String(decoding: bytes[byteRange(range)], as: UTF8.self) }

    /// Where a new member goes: behind the last one, in bytes.
    var endOfMembers: Int {
        // Of an empty body the last token is its opening brace.
        tokens[bodies[0].upperBound - 1].range.upperBound
    }

    /// The property called `name`; nil if the model has none.
    func property(_ name: String) -> Member? {
        member { index in ["var", "let"].contains(tokens[index].text) && tokens[index + 1].text == name }
    }

    /// The function called `name`; nil if the model has none.
    func function(_ name: String) -> Member? {
        member { index in tokens[index].text == "func" && tokens[index + 1].text == name }
    }

    private func member(_ isMember: (Int) -> Bool) -> Member? {
        for body in bodies {
            var index = body.lowerBound
            while index + 1 < body.upperBound {
                if isMember(index) { return member(at: index, in: body) }
                index = after(index)
            }
        }
        return nil
    }

    /// The member whose `var`, `let` or `func` is at `start`.
    private func member(at start: Int, in body: Range<Int>) -> Member? {
        var index = start + 2
        while index < body.upperBound {
            switch tokens[index].text {
            case "{":
                let close = partner(of: index)
                var inside = index + 1..<close
                // `{ get { … } }` is the same as `{ … }`.
                if tokens[index + 1].text == "get", tokens[index + 2].text == "{" {
                    inside = index + 3..<partner(of: index + 2)
                }
                return Member(range: byteRange(start..<close + 1), body: inside)
            case "=" where tokens[start].text != "func":
                let end = endOfExpression(from: index + 1, in: body)
                return Member(range: byteRange(start..<end), body: index + 1..<end)
            case "var", "let", "func": return nil
            default: index = after(index)
            }
        }
        return nil
    }

    /// The first token behind the expression that begins at `start`: where a line begins that goes on with nothing.
    private func endOfExpression(from start: Int, in body: Range<Int>) -> Int {
        var index = after(start)
        while index < body.upperBound {
            let (before, token) = (tokens[index - 1], tokens[index])
            let isNewLine = bytes[before.range.upperBound..<token.range.lowerBound].contains(UInt8(ascii: "\n"))
            let goesOn = token.kind == .mark && !["@", "#", "}"].contains(token.text) || Self.isOperator(before)
            if token.text == ";" || token.text == "," || isNewLine && !goesOn { break }
            index = after(index)
        }
        return index
    }

    private static func isOperator(_ token: Token) -> Bool {
        token.kind == .mark && ![")", "]", "}"].contains(token.text)
    }

    /// The white space before the line's first character that is none, in the line of byte `place`.
    func margin(at place: Int) -> String {
        let start = lineStart(of: place)
        return String(decoding: bytes[start...].prefix(while: \.isBlank), as: UTF8.self)
    }

    /// The first byte of the line of byte `place`.
    func lineStart(of place: Int) -> Int {
        bytes[..<place].lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    }
}
