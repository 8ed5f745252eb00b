import ArgumentParser
import CGAN
import Compiler
import Diagnosis
import Foundation
import ModelLoading
import Native
import Training

/// `cganc diagnose RUN`.
struct DiagnoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose", abstract: "Say what happens, or has happened, in a run.",
        discussion: """
            Reads the run's metrics and comes to the verdict that `cganc train` printed: what is wrong, since which step, \
            and by which numbers. The exit code is 1 if the run is not healthy.
            """)

    @Argument(help: ArgumentHelp("A run's folder.", valueName: "RUN"))
    var folder: String

    @Option(help: "text, or json for other programs.")
    var format = CheckCommand.Format.text

    @OptionGroup var mending: MendArguments

    func run() async throws {
        let folder = RunFolder(folder)
        if mending.isWanted { return try await mending.run(on: folder) }
        if !folder.holdsRun { _ = try folder.metrics() }
        let program = try await ModelLoader.load(folder.programPath, batch: nil)
        let checkpoint = folder.checkpointSteps.last.flatMap { try? Checkpoint.read(folder.checkpointPath(step: $0)) }
        var observer = try folder.observer(of: program, examples: checkpoint?.identity.examples)
        if observer.verdict.code == .nonFinite, observer.verdict.evidence.isEmpty, let identity = checkpoint?.identity {
            let step = observer.verdict.since
            if let verdict = try await traced(folder, program, identity, step) {
                observer.observe(MetricsLine(step: step, values: [:], verdict: verdict))
            }
        }
        let diagnosis = RunDiagnosis(observer, run: folder.path, model: program.name)
        switch format {
        case .json: print(try diagnosis.json())
        case .text:
            print(diagnosis.text(showing: .of(program.name)))
            if let identity = checkpoint?.identity,
                let page = folder.writePage(of: program, identity, observer: observer)
            {
                print("report: \(page)")
            }
        }
        if !diagnosis.isHealthy { throw ExitCode.failure }
    }

    /// What made the value that is not finite, found by running the steps after the last checkpoint again.
    private func traced(
        _ folder: RunFolder, _ program: Program, _ identity: RunIdentity, _ step: Int
    ) async throws -> Verdict? {
        let compilation = try Compilation(program).tuned(by: try folder.tuning())
        let library = try await compilation.library(precision: identity.precision)
        let model = try NativeModel(library: library, seed: identity.seed, threads: ThreadArguments.all)
        return try await FailureReplay(
            folder, compilation: compilation, model: model, dataset: try program.dataset(identity.data)
        ).verdict(through: step)
    }
}
