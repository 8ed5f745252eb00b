import Foundation
import Graph

/// What `cganc diagnose` says of a run: its verdict, what else holds, and what was before.
public struct RunDiagnosis: Encodable, Sendable {
    /// The run's folder, as the user named it.
    public var run: String
    /// The model's name.
    public var model: String
    /// The last step that the metrics tell of.
    public var step: Int
    /// What is happening, with the newest numbers.
    public var verdict: Verdict
    /// The causes that hold besides, which are likely to follow from it.
    public var besides: [Verdict]
    /// Every cause that has shown, in the order of its beginning.
    public var history: [Verdict]
    /// What to change.
    public var help: String?

    /// The diagnosis of what `observer` has seen.
    public init(_ observer: RunObserver, run: String, model: String) {
        self.run = run
        self.model = model
        step = observer.step
        verdict = observer.verdict
        besides = Array(observer.active.dropFirst())
        history = observer.history
        help = verdict.help ?? verdict.code?.recommendation
    }

    /// True if nothing is wrong.
    public var isHealthy: Bool { verdict.isHealthy }

    /// As a person reads it: the verdict in the form of a compiler's finding, then what else holds, then the history.
    public func text(showing source: SourceLines = .none) -> String {
        var lines: [String] = []
        if let code = verdict.code, var finding = verdict.finding {
            finding.evidence.insert(Finding.Evidence("since step \(verdict.since) of \(step)"), at: 0)
            lines.append(finding.text(showing: source))
            for other in besides {
                guard let code = other.code else { continue }
                lines.append("note: with it, since step \(other.since), \(code.rawValue): \(other.sentence)")
            }
            lines.append("help: cganc explain \(code.rawValue) tells more")
        } else {
            lines.append("\(run), step \(step): \(verdict.sentence)")
            lines += verdict.evidence.map { "note: \($0)" }
        }
        let past = history.filter { $0.until != nil }
        if !past.isEmpty {
            lines.append("history:")
            for verdict in past {
                lines.append(
                    "  steps \(verdict.since) to \(verdict.until ?? step), \(verdict.code?.rawValue ?? ""): \(verdict.sentence)"
                )
            }
        }
        return lines.joined(separator: "\n")
    }

    /// As one JSON object with sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension Verdict {
    /// The verdict as a compiler's finding; nil if nothing is wrong.
    public var finding: Finding? {
        code.map { code in
            Finding(
                code, sentence, at: location, evidence: evidence.map { Finding.Evidence($0) },
                help: help ?? code.recommendation)
        }
    }
}
