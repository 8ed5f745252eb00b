import CGAN
import Foundation
import Graph

/// Findings as JSON, for editors and continuous integration.
public struct FindingReport: Encodable, Sendable {
    /// One finding, or one error of the model's own (`M014`), in the same form.
    public struct Item: Encodable, Sendable {
        var code: String
        var severity: String
        var message: String
        var location: Place?
        var evidence: [Fact]
        var help: String?
        var edit: Change?
        var parameters: [String]
    }

    /// One line of a file, before and after; to go if it is then empty.
    struct Change: Encodable, Sendable {
        var file: String
        var line: Int
        var before, after: String

        init?(_ edit: Edit?, _ source: SourceLines) {
            guard let edit, let (before, after) = source.change(edit) else { return nil }
            (file, line) = (edit.place.file, edit.place.line)
            (self.before, self.after) = (before, after)
        }
    }

    /// A position in a file, both numbers from 1.
    struct Place: Encodable, Sendable {
        var file: String
        var line, column: Int

        init?(_ location: SourceLocation?) {
            guard let location else { return nil }
            (file, line, column) = (location.file, location.line, location.column)
        }
    }

    /// One fact of a proof.
    struct Fact: Encodable, Sendable {
        var message: String
        var location: Place?
    }

    /// The model as it was asked for.
    public var model: String
    /// What was found, in the order in which it is printed.
    public var findings: [Item]
    /// The codes that were waived.
    public var allowed: [String]
    /// How many findings of each severity there are.
    public var errors, warnings, notes: Int

    /// The report on `diagnosis` of `model`.
    public init(_ diagnosis: Diagnosis, model: String, source: SourceLines = .none) {
        self.init(
            model: model, allowed: diagnosis.allowed.map(\.rawValue),
            findings: diagnosis.findings.map { finding in
                Item(
                    code: finding.code.rawValue, severity: finding.severity.rawValue, message: finding.message,
                    location: Place(finding.location),
                    evidence: finding.evidence.map { Fact(message: $0.message, location: Place($0.location)) },
                    help: finding.help, edit: Change(finding.edit, source), parameters: finding.parameters)
            })
    }

    /// The report on a model that could not be read. What the Swift compiler says of the file is evidence.
    public init(_ errors: ModelErrors, model: String) {
        self.init(
            model: model, allowed: [],
            findings: errors.errors.map { error in
                let messages = error.code == .doesNotCompile ? errors.placedMessages : []
                return Item(
                    code: error.code.rawValue, severity: Severity.error.rawValue, message: error.message,
                    location: Place(error.location ?? messages.first?.location),
                    evidence: (error.notes + messages).map { Fact(message: $0.message, location: Place($0.location)) },
                    help: error.help, edit: nil, parameters: [])
            })
    }

    private init(model: String, allowed: [String], findings: [Item]) {
        self.model = model
        self.allowed = allowed
        self.findings = findings
        errors = findings.count { $0.severity == Severity.error.rawValue }
        warnings = findings.count { $0.severity == Severity.warning.rawValue }
        notes = findings.count { $0.severity == Severity.note.rawValue }
    }

    /// The report as one JSON object with sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
