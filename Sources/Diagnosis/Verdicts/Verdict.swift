import Foundation
public import Graph

/// What happens in a run over some of its steps: one cause, or that all is well.
public struct Verdict: Hashable, Codable, Sendable {
    /// The cause; nil if the run is healthy, or too young to tell.
    public var code: DiagnosisCode?
    /// The step, counted from 1, at which its evidence begins.
    public var since: Int
    /// The last step of which it is true, if it has ended.
    public var until: Int?
    /// One lower-case sentence with numbers.
    public var sentence: String
    /// What was measured, one line each: the signal by its name in the metrics, its value, and what it was held against.
    public var evidence: [String]

    /// The place in the model's file, where one operation is to blame.
    public var location: SourceLocation?
    /// What to change, where more is known than the code's own recommendation says.
    public var help: String?

    /// A verdict of all its parts.
    public init(
        _ code: DiagnosisCode?, since: Int, until: Int? = nil, sentence: String, evidence: [String] = [],
        at location: SourceLocation? = nil, help: String? = nil
    ) {
        self.code = code
        self.since = since
        self.until = until
        self.sentence = sentence
        self.evidence = evidence
        self.location = location
        self.help = help
    }

    /// The verdict on one line, after its code: `GZ203: the generator's gradient vanishes …`.
    public var headline: String { code.map { "\($0.rawValue): \(sentence)" } ?? sentence }

    /// The verdict as a JSON object on one line, with sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// True if nothing is wrong.
    public var isHealthy: Bool { code == nil }
}
