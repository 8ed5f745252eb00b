import ArgumentParser
import CGAN
import Compiler
import Datasets
import Diagnosis
import Foundation
import Lowering
import ModelLoading
import Native
import Training

/// `cganc train MODEL`.
struct TrainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train", abstract: "Train a model; write metrics, sample sheets and checkpoints.")

    @Argument(
        help: "A shipped model's name, a .swift file, or a saved program. With --resume, by default the run's own.")
    var model: String?

    @Option(
        help: ArgumentHelp(
            "glyphs, or a folder of IDX, CIFAR-10, .npy or PNG files. (default: glyphs)", valueName: "DATA"))
    var data: String?

    @Option(help: ArgumentHelp("The step at which the run ends. (default: the model's)", valueName: "N"))
    var steps: Int?

    @Option(help: ArgumentHelp("Examples in a batch. (default: the model's)", valueName: "B"))
    var batch: Int?

    @Option(help: ArgumentHelp("Of every random number. (default: the model's)", valueName: "S"))
    var seed: UInt64?

    @Option(help: "The number type, float or double. (default: float)")
    var precision: Precision?

    @OptionGroup var threads: ThreadArguments
    @OptionGroup var waivers: WaiverArguments
    @OptionGroup var tuning: TuningArguments

    @Option(help: ArgumentHelp("The run's folder. (default: runs/MODEL)", valueName: "RUN"))
    var out: String?

    @Flag(help: "Go on from the run's last checkpoint, bit for bit as if it had not stopped.")
    var resume = false

    @Option(help: ArgumentHelp("Steps between two sample sheets.", valueName: "N"))
    var sampleEvery = 500

    @Option(help: ArgumentHelp("Steps between two checkpoints.", valueName: "N"))
    var checkpointEvery = 500

    @Option(
        help: ArgumentHelp(
            "Steps between two lines of metrics that tell of every parameter and layer; 0 for no telemetry. (default: the "
                + "model's, or 50)", valueName: "N"))
    var telemetryInterval: Int?

    func validate() throws {
        for (name, value) in [
            ("--steps", steps), ("--batch", batch), ("--sample-every", sampleEvery),
            ("--checkpoint-every", checkpointEvery),
        ] {
            if let value, value < 1 { throw ValidationError("\(name) is \(value); it has to be at least 1") }
        }
        if let telemetryInterval, telemetryInterval < 0 {
            throw ValidationError("--telemetry-interval is \(telemetryInterval); it has to be at least 0")
        }
        if model == nil, !resume { throw ValidationError("no model is named; `cganc list` lists those there are") }
        if model == nil, out == nil { throw ValidationError("--resume needs a model or the run's folder (--out)") }
    }

    func run() async throws {
        let summary = try await resume ? resumed() : begun()
        print(summary.text)
        if summary.wasInterrupted { throw ExitCode(130) }
    }

    private func begun() async throws -> RunReport {
        let program = try await ModelLoader.load(model ?? "", batch: batch)
        let source = try ModelLoader.source(of: model ?? "")
        let folder = RunFolder(out ?? "runs/\(program.name)")
        try folder.checkIsFree()
        let plan = RunPlan(
            program: program, data: data ?? "glyphs", seed: seed ?? program.seed, precision: precision ?? .float,
            steps: steps ?? program.steps, tuning: try tuning.read())
        return try await run(plan, folder: folder) { model, identity, dataset in
            try TrainingSession(
                beginning: program, identity: identity, model: model, dataset: dataset, folder: folder,
                steps: plan.steps, source: source, tuning: plan.tuning)
        }
    }

    private func resumed() async throws -> RunReport {
        var folder = RunFolder(out ?? "")
        var program: Program?
        if let model {
            let named = try await ModelLoader.load(model, batch: batch)
            if out == nil { folder = RunFolder("runs/\(named.name)") }
            program = named
        }
        let checkpoint = try Checkpoint.read(try folder.latestCheckpoint())
        let identity = checkpoint.identity
        if let model, batch == nil, program?.batch != identity.batch {
            program = try await ModelLoader.load(model, batch: identity.batch)
        }
        let known: Program
        if let program { known = program } else { known = try await ModelLoader.load(folder.programPath, batch: batch) }
        let plan = RunPlan(
            program: known, data: data ?? identity.data, seed: seed ?? identity.seed,
            precision: precision ?? identity.precision, steps: steps ?? checkpoint.plannedSteps,
            tuning: try tuning.read() ?? folder.tuning())
        return try await run(plan, folder: folder) { model, identity, dataset in
            try TrainingSession(
                resuming: folder, program: known, identity: identity, model: model, dataset: dataset)
        }
    }

    private func run(
        _ plan: RunPlan, folder: RunFolder,
        session: (NativeModel, RunIdentity, any Dataset) throws -> TrainingSession
    ) async throws -> RunReport {
        let dataset = try plan.program.dataset(plan.data)
        let differentiation = try ProgramDifferentiation(plan.program)
        try Diagnosis(differentiation, allowing: waivers.codes).report(on: model ?? folder.programPath)
        let compilation = try await Compilation(differentiation).tuned(by: plan.tuning, precision: plan.precision)
        compilation.printRemarks()
        let library = try await compilation.library(precision: plan.precision)
        let model = try NativeModel(library: library, seed: plan.seed, threads: threads.count)
        let identity = RunIdentity(
            compilation, manifest: model.manifest, seed: plan.seed, precision: plan.precision, dataset: dataset,
            data: plan.data)
        let options = TrainingOptions(
            steps: plan.steps, sampleEvery: sampleEvery, checkpointEvery: checkpointEvery,
            telemetryInterval: telemetryInterval ?? plan.program.telemetryInterval ?? TrainingOptions.telemetryInterval)
        let training = try session(model, identity, dataset)
        do {
            let summary = try training.run(options, progress: TrainingProgress())
            let page = folder.writePage(of: plan.program, identity)
            return RunReport(summary: summary, folder: folder, plannedSteps: plan.steps, page: page)
        } catch let error as TrainingError {
            if let verdict = try? await training.traceFailure(compilation), let finding = verdict.finding {
                ErrorReport.print(finding.text(showing: SourceLines.of(self.model ?? plan.program.name)))
            }
            // What went wrong is on the page too.
            _ = folder.writePage(of: plan.program, identity)
            throw error
        }
    }
}

/// What a run is made of, defaults filled in.
private struct RunPlan {
    var program: Program
    var data: String
    var seed: UInt64
    var precision: Precision
    var steps: Int
    var tuning: Tuning?
}
