/// Markup. What is put into it by interpolation is escaped, unless it is markup itself:
///
///     let cell: HTML = "<td>\(name)</td>"     // a name of `a<b` becomes `a&lt;b`
///
/// SVG is written with it too: its rules for text are the same.
public struct HTML: Hashable, Sendable, ExpressibleByStringInterpolation {
    /// The markup.
    public private(set) var text: String

    /// Markup as it stands in a source file.
    public init(stringLiteral markup: String) { text = markup }

    /// Markup with escaped texts in it.
    public init(stringInterpolation parts: Interpolation) { text = parts.markup }

    /// `text` in which every character stands for itself.
    public init(escaping text: String) { self.text = Self.escaped(text) }

    /// Markup that another program has made, such as a template.
    init(trusting markup: String) { text = markup }

    /// Nothing.
    public static let nothing: HTML = ""

    /// What interpolation builds.
    public struct Interpolation: StringInterpolationProtocol {
        var markup = ""

        /// Nothing yet.
        public init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(2 * literalCapacity) }

        /// Markup as written.
        public mutating func appendLiteral(_ literal: String) { markup += literal }
        /// Markup inside markup.
        public mutating func appendInterpolation(_ html: HTML) { markup += html.text }
        /// Text, escaped.
        public mutating func appendInterpolation(_ text: some StringProtocol) { markup += HTML.escaped(String(text)) }
        /// A whole number.
        public mutating func appendInterpolation(_ number: Int) { markup += String(number) }
    }

    /// The first, then the second.
    public static func + (a: HTML, b: HTML) -> HTML { HTML(trusting: a.text + b.text) }
    /// Appends markup.
    public static func += (a: inout HTML, b: HTML) { a.text += b.text }

    /// `text` as it may stand between tags and inside quoted attributes.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { #"&<>"'"#.utf8.contains($0) }) else { return text }
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

extension Sequence where Element == HTML {
    /// All, one after the other.
    public func joined(separator: HTML = "\n") -> HTML {
        HTML(trusting: map(\.text).joined(separator: separator.text))
    }
}
