import Foundation

/// One line of a run's metrics: the numbers of one step, by name.
public struct MetricsLine: Hashable, Sendable {
    /// The step, counted from 1.
    public var step: Int
    /// The numbers, such as `discriminator.loss` or `gradient.norm.generator`; whatever was not finite is missing.
    public var values: [String: Double]
    /// The verdict that was written with the line, if one began there.
    public var verdict: Verdict?

    /// A line of its parts.
    public init(step: Int, values: [String: Double], verdict: Verdict? = nil) {
        self.step = step
        self.values = values
        self.verdict = verdict
    }

    /// A line of named numbers; of two by one name the last.
    public init(step: Int, _ values: [(name: String, value: Double)]) {
        self.init(step: step, values: Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
    }

    /// The line that a JSON object says; nil if `text` is none, or has no step. What is neither a number nor a verdict
    /// is left out.
    public init?(json text: some Sequence<UInt8>) {
        var scanner = FlatJSONScanner(text)
        guard let object = scanner.object(), let step = object.numbers["step"], step >= 1, step < 1e15 else {
            return nil
        }
        self.step = Int(step)
        values = object.numbers
        values["step"] = nil
        verdict = object.nested["verdict"].flatMap {
            try? JSONDecoder().decode(Verdict.self, from: Data($0))
        }
    }
}

extension MetricsLine {
    /// The lines of a whole file, in order.
    ///
    /// - Returns: the lines, and the number from 1 of the first one that is not JSON or goes back in time; nothing after
    ///   it is read. A last line without its end was being written and does not count.
    public static func all(in bytes: [UInt8]) -> (lines: [MetricsLine], torn: Int?) {
        var lines: [MetricsLine] = []
        var start = bytes.startIndex
        while start < bytes.endIndex, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            // Of a step that ended the run there are two lines without numbers: what is known at once, and after tracing.
            guard let line = MetricsLine(json: bytes[start..<end]),
                line.step > lines.last?.step ?? 0 || line.step == lines.last?.step && line.values.isEmpty
            else { return (lines, lines.count + 1) }
            lines.append(line)
            start = end + 1
        }
        return (lines, nil)
    }
}

/// Reads an object of numbers without building anything else: metrics have hundreds of thousands of them.
private struct FlatJSONScanner {
    private let bytes: [UInt8]
    private var place = 0

    init(_ text: some Sequence<UInt8>) { bytes = Array(text) + [0] }

    /// The object's numbers, and the text of the objects inside it; nil if the text is not one object.
    mutating func object() -> (numbers: [String: Double], nested: [String: ArraySlice<UInt8>])? {
        var numbers: [String: Double] = [:]
        var nested: [String: ArraySlice<UInt8>] = [:]
        guard take("{") else { return nil }
        if take("}") { return isAtEnd ? (numbers, nested) : nil }
        repeat {
            guard let key = string(), take(":") else { return nil }
            skipBlanks()
            let start = place
            guard let number = value() else { return nil }
            if let number { numbers[key] = number }
            if bytes[start] == UInt8(ascii: "{") { nested[key] = bytes[start..<place] }
        } while take(",")
        return take("}") && isAtEnd ? (numbers, nested) : nil
    }

    private var isAtEnd: Bool {
        mutating get {
            skipBlanks()
            return place == bytes.count - 1
        }
    }

    private mutating func skipBlanks() {
        while bytes[place] == 0x20 || bytes[place] == 0x09 || bytes[place] == 0x0d { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard bytes[place] == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    /// A string without its quotes.
    private mutating func string() -> String? {
        guard take("\"") else { return nil }
        let start = place
        var hasEscapes = false
        while bytes[place] != UInt8(ascii: "\"") {
            if bytes[place] == UInt8(ascii: "\\") {
                hasEscapes = true
                place += 1
            }
            guard bytes[place] != 0 else { return nil }
            place += 1
        }
        let inside = bytes[start..<place]
        place += 1
        guard hasEscapes else { return String(decoding: inside, as: UTF8.self) }
        return try? JSONDecoder().decode(String.self, from: Data([0x22] + inside + [0x22]))
    }

    /// Nil for no value, `.some(nil)` for one that is not a number.
    private mutating func value() -> Double?? {
        switch bytes[place] {
        case UInt8(ascii: "\""): return string() == nil ? nil : .some(nil)
        case UInt8(ascii: "{"), UInt8(ascii: "["): return container() ? .some(nil) : nil
        default:
            for word in ["true", "false", "null"] where bytes[place...].starts(with: word.utf8) {
                place += word.utf8.count
                return .some(nil)
            }
            return bytes.withUnsafeBufferPointer { buffer -> Double?? in
                let start = UnsafeRawPointer(buffer.baseAddress! + place).assumingMemoryBound(to: CChar.self)
                guard "-0123456789".utf8.contains(bytes[place]) else { return nil }
                var end: UnsafeMutablePointer<CChar>?
                let number = strtod(start, &end)
                guard let end, number.isFinite else { return nil }
                place += UnsafePointer(end) - start
                return number
            }
        }
    }

    /// Passes over an object or an array.
    private mutating func container() -> Bool {
        var depth = 0
        repeat {
            switch bytes[place] {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "\""):
                guard string() != nil else { return false }
                continue
            case 0: return false
            default: break
            }
            place += 1
        } while depth > 0
        return true
    }
}
