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
        self.init(json: Data(text), with: JSONDecoder())
    }

    private init?(json text: Data, with decoder: JSONDecoder) {
        guard let object = try? decoder.decode(MetricsObject.self, from: text),
            let step = object.numbers["step"], step >= 1, step < 1e15
        else { return nil }
        self.step = Int(step)
        values = object.numbers
        values["step"] = nil
        verdict = object.verdict
    }
}

extension MetricsLine {
    /// The lines of a whole file, in order.
    ///
    /// - Returns: the lines, and the number from 1 of the first one that is not JSON or goes back in time; nothing after
    ///   it is read. A last line without its end was being written and does not count.
    public static func all(in bytes: [UInt8]) -> (lines: [MetricsLine], torn: Int?) {
        let decoder = JSONDecoder()
        var lines: [MetricsLine] = []
        var start = bytes.startIndex
        while start < bytes.endIndex, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            // Of a step that ended the run there are two lines without numbers: what is known at once, and after tracing.
            guard let line = MetricsLine(json: Data(bytes[start..<end]), with: decoder),
                line.step > lines.last?.step ?? 0 || line.step == lines.last?.step && line.values.isEmpty
            else { return (lines, lines.count + 1) }
            lines.append(line)
            start = end + 1
        }
        return (lines, nil)
    }
}

/// The numbers of a JSON object, and its verdict.
private struct MetricsObject: Decodable {
    private struct Key: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    var numbers: [String: Double] = [:]
    var verdict: Verdict?

    init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        for key in object.allKeys {
            if key.stringValue == "verdict" {
                verdict = try? object.decode(Verdict.self, forKey: key)
            } else {
                numbers[key.stringValue] = try? object.decode(Double.self, forKey: key)
            }
        }
    }
}
