/// Collects the lines of a C file and keeps their indentation.
struct CWriter {
    private(set) var text = ""
    private var depth = 0

    /// Appends one line; an empty one separates. A statement too long for a reader's window is broken.
    mutating func line(_ line: String = "") {
        guard !line.isEmpty else { return text += "\n" }
        let indent = String(repeating: "    ", count: depth)
        for (index, part) in LineBreaking.lines(of: line, indentedBy: indent.count).enumerated() {
            text += (index == 0 ? indent : "") + part + "\n"
        }
    }

    /// Appends `head {`, the lines of `body` one level deeper, and `}`; without braces a loop over one line, or over
    /// loops over one line.
    mutating func block(_ head: String, _ body: (inout CWriter) -> Void) {
        var inner = CWriter()
        inner.depth = depth
        inner.nested(body)
        let lines = inner.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map { $0.drop { $0 == " " } }
        let isOneLine =
            head.hasPrefix("for (") && lines.last?.hasSuffix(";") == true
            && lines.dropLast().allSatisfy { $0.hasPrefix("for (") && $0.hasSuffix(")") }
        line(head.isEmpty ? "{" : isOneLine ? head : "\(head) {")
        text += inner.text
        if !isOneLine { line("}") }
    }

    /// Turns the brace that ends the last line into the end of a declaration.
    mutating func closeStatement() {
        if text.hasSuffix("}\n") { text = String(text.dropLast()) + ";\n" }
    }

    /// Appends a function definition, whose brace stands on a line of its own.
    mutating func function(_ head: String, _ body: (inout CWriter) -> Void) {
        line(head)
        line("{")
        nested(body)
        line("}")
    }

    /// Appends the lines of `body` one level deeper.
    mutating func nested(_ body: (inout CWriter) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// Appends a comment of one or more lines, filled up to the reader's window.
    mutating func comment(_ lines: [String]) {
        let filled = lines.flatMap { LineBreaking.filled($0.replacing("*/", with: "* /"), width: 113 - 4 * depth) }
        for (index, text) in filled.enumerated() {
            let opening = index == 0 ? "/* " : " * "
            line(opening + text + (index == filled.count - 1 ? " */" : ""))
        }
    }
}

/// Spelling of C literals.
enum CLiteral {
    /// `REAL(0.2)`: a constant of the file's number type.
    static func real(_ value: Double) -> String {
        if value.isInfinite { return value < 0 ? "-(real)INFINITY" : "(real)INFINITY" }
        if value.isNaN { return "(real)NAN" }
        return value < 0 || (value == 0 && value.sign == .minus) ? "-REAL(\(-value))" : "REAL(\(value))"
    }

    /// `"..."` with what C would misread escaped, split so that no line is longer than a reader's window.
    static func string(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "?": result += "\\?"
            default:
                if scalar.value < 32 {
                    let octal = String(scalar.value, radix: 8)
                    result += "\\" + String(repeating: "0", count: 3 - octal.count) + octal
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    /// `name` as a C identifier.
    static func identifier(_ name: String) -> String {
        String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}
