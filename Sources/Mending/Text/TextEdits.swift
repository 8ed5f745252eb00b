/// Changes of a file, each of a place in its text as it was, so that none moves another.
struct TextEdits {
    private var changes: [(range: Range<Int>, text: String)] = []

    /// True if nothing is changed.
    var isEmpty: Bool { changes.isEmpty }

    /// The bytes in `range` become `text`.
    mutating func replace(_ range: Range<Int>, with text: String) { changes.append((range, text)) }

    /// `text` comes before byte `place`, behind what was put there earlier.
    mutating func insert(_ text: String, at place: Int) { replace(place..<place, with: text) }

    /// The text with all of it done; nil if two changes are of one place, or nothing is changed.
    func applied(to bytes: [UInt8]) -> String? {
        let ordered = changes.enumerated().sorted {
            ($0.element.range.lowerBound, $0.element.range.upperBound, $0.offset)
                < ($1.element.range.lowerBound, $1.element.range.upperBound, $1.offset)
        }.map(\.element)
        var result: [UInt8] = []
        var position = 0
        for (range, text) in ordered {
            guard range.lowerBound >= position, range.upperBound <= bytes.count else { return nil }
            result += bytes[position..<range.lowerBound]
            result += text.utf8
            position = range.upperBound
        }
        result += bytes[position...]
        return result == bytes ? nil : String(decoding: result, as: UTF8.self)
    }
}
