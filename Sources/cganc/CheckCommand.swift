import ArgumentParser
import CGAN
import Compiler
import Diagnosis
import Foundation
import ModelLoading
import Models

/// `cganc check MODEL`.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Prove on the graph which gradients are zero, and say why.",
        discussion: """
            Errors are gradients that are zero and must not be, warnings such that will be, notes zeros that do no harm. \
            The exit code is 1 if there are errors.
            """)

    /// How findings are printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    @OptionGroup var model: ModelArguments
    @OptionGroup var waivers: WaiverArguments

    @Option(help: "text, or json for editors and continuous integration.")
    var format = Format.text

    @Flag(help: "Also list what is known of each parameter's gradient, as text.")
    var list = false

    func validate() throws {
        if list, format == .json { throw ValidationError("--list is text; leave --format json out") }
    }

    func run() async throws {
        let differentiation: ProgramDifferentiation
        do {
            differentiation = try ProgramDifferentiation(try await model.program())
        } catch let errors as ModelErrors where format == .json {
            print(try FindingReport(errors, model: model.model).json())
            throw ExitCode.failure
        }
        let diagnosis = Diagnosis(differentiation, allowing: waivers.codes)
        let source = SourceLines.of(model.model)
        switch format {
        case .json: print(try FindingReport(diagnosis, model: model.model, source: source).json())
        case .text:
            for finding in diagnosis.findings { print(finding.text(showing: source) + "\n") }
            if list { for fact in GradientFact.all(of: differentiation) { print("\(fact.parameter): \(fact.text)") } }
            print("\(model.model): \(diagnosis.summary)")
        }
        if !diagnosis.errors.isEmpty { throw ExitCode.failure }
    }
}

/// Which diagnoses are waived.
struct WaiverArguments: ParsableArguments {
    @Option(
        name: .customLong("allow"),
        help: ArgumentHelp("A diagnosis to waive, such as GZ003; can be repeated.", valueName: "CODE"))
    var allowed: [DiagnosisCode] = []

    /// The codes, each once.
    var codes: [DiagnosisCode] { DiagnosisCode.allCases.filter(allowed.contains) }
}

extension DiagnosisCode: ExpressibleByArgument {
    /// The code written in any case.
    public init?(argument: String) { self.init(text: argument) }
}

extension SourceLines {
    /// The text of a shipped model, or the files that a model of the user's names.
    static func of(_ model: String) -> SourceLines {
        ShippedModel.named(model).map { shipped in SourceLines { _ in shipped.source } } ?? .disk
    }
}

extension Diagnosis {
    /// Prints what stops a command or should be known before it goes on, on standard error.
    ///
    /// - Parameter model: what the user named as MODEL.
    /// - Throws: an exit code if there are errors.
    func report(on model: String) throws {
        let source = SourceLines.of(model)
        for finding in errors + warnings { ErrorReport.print(finding.text(showing: source)) }
        guard let first = errors.first else { return }
        ErrorReport.print(
            "error: \(model) has \(summary); nothing was written\n"
                + "help: cganc explain \(first.code.rawValue) tells more; --allow \(first.code.rawValue) goes on all the same"
        )
        throw ExitCode.failure
    }
}
