/// A tuning as a file holds it:
///
///     cganc tuning 1
///     model      mlp-cgan
///     …
///     matmul A·B 64x110x256     blas-columns   tiles 0.0412  blas-columns 0.0320  blas-rows 0.0525
///
/// Facts first, in any order and each at most once; then a line for each contraction: role and extents, the method
/// chosen, and the candidates' milliseconds in a training step. Blank lines and lines that begin with `#` say nothing.
extension Tuning {
    /// Why a text is not a tuning.
    public struct Mistake: Error, Hashable, Sendable {
        /// The line, counted from 1.
        public var line: Int
        /// What is wrong: lower case, one line.
        public var message: String
        /// A way out.
        public var help: String
    }

    /// The version of the layout that is written and read.
    private static let version = "1"
    private static let mark = "cganc tuning"
    /// Characters of a line, at most.
    private static let longest = 1000

    /// The facts by the word that a line begins with.
    private static let facts: [(word: String, place: WritableKeyPath<Conditions, String> & Sendable)] = [
        ("model", \.model), ("batch", \.batch), ("precision", \.precision), ("threads", \.threads),
        ("processor", \.processor), ("compiler", \.compiler), ("blas", \.blas), ("date", \.date), ("step", \.step),
    ]

    // MARK: Writing

    /// The text, which ``init(text:)`` reads as the same tuning.
    public var text: String {
        var text = "\(Self.mark) \(Self.version)\n"
        for fact in Self.facts {
            // A fact comes from the machine: whatever it holds, it is one line.
            let value = conditions[keyPath: fact.place].split(whereSeparator: \.isNewline).joined(separator: " ")
            if !value.isEmpty { text += Self.padded(fact.word, 11) + value + "\n" }
        }
        text += "\n# contraction, method, milliseconds of each candidate in a training step\n"
        let widths = (
            rows.map { $0.contraction.description.count }.max() ?? 0, rows.map { $0.method.rawValue.count }.max() ?? 0
        )
        for row in rows {
            let line =
                Self.padded(row.contraction.description, widths.0 + 2) + Self.padded(row.method.rawValue, widths.1 + 2)
                + row.measurements.map { "\($0.method.rawValue) \(Self.spell($0.milliseconds))" }.joined(
                    separator: "  ")
            text += line.trimmingSuffix { $0 == " " } + "\n"
        }
        return text
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// Four decimals, that is tenths of a microsecond.
    private static func spell(_ milliseconds: Double) -> String {
        let tenths = Int((milliseconds * 10_000).rounded())
        let digits = String(tenths % 10_000)
        return "\(tenths / 10_000)." + String(repeating: "0", count: 4 - digits.count) + digits
    }

    // MARK: Reading

    /// Reads a text of unknown origin.
    ///
    /// - Throws: ``Mistake`` at the first line that is none of a tuning's, repeats another one, or chooses a method that
    ///   cannot compute its contraction.
    public init(text: String) throws(Mistake) {
        self.init(rows: [])
        var places: [Contraction: Int] = [:]
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let number = index + 1
            guard line.count <= Self.longest, line.allSatisfy({ !$0.isControl }) else {
                throw Mistake(
                    line: number, message: "not a line of text of at most \(Self.longest) characters", help: Self.again)
            }
            let words = line.split(whereSeparator: \.isWhitespace)
            if number == 1 {
                try Self.checkMark(line)
            } else if let first = words.first, first.first != "#" {
                if let fact = Self.facts.first(where: { $0.word == first }) {
                    guard conditions[keyPath: fact.place].isEmpty else {
                        throw Mistake(line: number, message: "a second line of '\(first)'", help: Self.again)
                    }
                    conditions[keyPath: fact.place] = words.dropFirst().joined(separator: " ")
                } else {
                    let row = try Self.row(words, line: number)
                    if let other = places[row.contraction] {
                        throw Mistake(
                            line: number, message: "the contraction of line \(other) once more",
                            help: "remove one of the two lines")
                    }
                    places[row.contraction] = number
                    rows.append(row)
                }
            }
        }
    }

    private static let again = "write the file anew: cganc tune MODEL --out FILE"

    private static func checkMark(_ line: Substring) throws(Mistake) {
        guard line.hasPrefix(mark + " ") else {
            throw Mistake(line: 1, message: "not a tuning: it does not begin with '\(mark)'", help: again)
        }
        let found = line.dropFirst(mark.count + 1)
        guard found == version else {
            throw Mistake(
                line: 1, message: "the tuning's layout has version \(found), this cganc reads \(version)", help: again)
        }
    }

    private static func row(_ words: [Substring], line: Int) throws(Mistake) -> Row {
        guard words.count >= 4, let contraction = Contraction(words.prefix(3).joined(separator: " ")) else {
            throw Mistake(line: line, message: "'\(words[0])' begins neither a fact nor a contraction", help: again)
        }
        let candidates = Method.candidates(for: contraction)
        func method(_ word: Substring) throws(Mistake) -> Method {
            guard let method = Method(rawValue: String(word)), candidates.contains(method) else {
                throw Mistake(
                    line: line, message: "'\(word)' is no method for this contraction",
                    help: "choose from \(candidates.map(\.rawValue).joined(separator: ", "))")
            }
            return method
        }
        var row = Row(contraction, try method(words[3]))
        var rest = words.dropFirst(4)
        while let word = rest.popFirst() {
            let candidate = try method(word)
            guard let number = rest.popFirst().flatMap({ Double($0) }), (0...1e9).contains(number) else {
                throw Mistake(line: line, message: "no milliseconds behind '\(word)'", help: again)
            }
            row.measurements.append(Measurement(candidate, milliseconds: number))
        }
        return row
    }
}

extension Character {
    /// True for what moves a terminal's cursor or ends a C line.
    fileprivate var isControl: Bool {
        self != "\t" && unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}

extension String {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
        var text = self
        while let last = text.last, isTrimmed(last) { text.removeLast() }
        return text
    }
}
