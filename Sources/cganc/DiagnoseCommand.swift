import ArgumentParser
import Diagnosis
import Foundation
import ModelLoading
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

    func run() async throws {
        let folder = RunFolder(folder)
        guard folder.holdsRun else {
            _ = try folder.metrics()
            return
        }
        let program = try await ModelLoader.load(folder.programPath, batch: nil)
        let checkpoint = folder.checkpointSteps.last.flatMap { try? Checkpoint.read(folder.checkpointPath(step: $0)) }
        let observer = try folder.observer(of: program, examples: checkpoint?.identity.examples)
        let diagnosis = RunDiagnosis(observer, run: folder.path, model: program.name)
        switch format {
        case .json: print(try diagnosis.json())
        case .text: print(diagnosis.text(showing: .of(program.name)))
        }
        if !diagnosis.isHealthy { throw ExitCode.failure }
    }
}
