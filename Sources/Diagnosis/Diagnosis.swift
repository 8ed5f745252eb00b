public import CGAN
public import Compiler
import Graph

/// What can be proved of a model's gradients before the first step.
public struct Diagnosis: Sendable {
    /// What was found and not waived: errors first, then warnings, then notes, each in the order of the file.
    public let findings: [Finding]
    /// What would have been found but was waived.
    public let allowed: [DiagnosisCode]

    /// Checks `program` by every rule.
    ///
    /// - Parameter allowed: codes whose findings are waived.
    /// - Throws: what differentiation finds wrong.
    public init(_ program: Program, allowing allowed: [DiagnosisCode] = []) throws {
        self.init(try ProgramDifferentiation(program), allowing: allowed)
    }

    /// Checks a program that is differentiated already.
    public init(_ differentiation: ProgramDifferentiation, allowing allowed: [DiagnosisCode] = []) {
        let subject = Subject(differentiation)
        for rule in rules { subject.add(rule.findings(in: subject)) }
        findings = subject.findings.filter { !allowed.contains($0.code) }.sorted { $0.isBefore($1) }
        self.allowed = allowed
    }

    /// The findings that stop `compile` and `train`.
    public var errors: [Finding] { findings.filter { $0.severity == .error } }
    /// The findings that are printed once and change nothing.
    public var warnings: [Finding] { findings.filter { $0.severity == .warning } }
    /// Zeros that do no harm.
    public var notes: [Finding] { findings.filter { $0.severity == .note } }

    /// The numbers of errors, warnings and notes in words: `1 error, 2 notes`.
    public var summary: String {
        let counts = [(Severity.error, errors.count), (.warning, warnings.count), (.note, notes.count)]
        let parts = counts.filter { $0.1 > 0 }.map { $0.0.counted($0.1) }
        return parts.isEmpty ? "nothing to say" : parts.joined(separator: ", ")
    }
}

extension Finding {
    /// The order in which findings are told.
    fileprivate func isBefore(_ other: Finding) -> Bool { orderingKey < other.orderingKey }

    private var orderingKey: (Int, String, Int, Int, String, String) {
        let rank = severity == .error ? 0 : severity == .warning ? 1 : 2
        let place = (location?.file ?? "", location?.line ?? Int.max, location?.column ?? Int.max)
        return (rank, place.0, place.1, place.2, code.rawValue, message)
    }
}
