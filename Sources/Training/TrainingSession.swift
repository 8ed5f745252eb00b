import CGAN
import Compiler
import Datasets
import Diagnosis
import Formats
import Foundation
import Lowering
import Native

/// How a run is to go.
public struct TrainingOptions: Sendable {
    /// The step at which it ends, counted from its beginning.
    public var steps: Int
    /// Steps between two sample sheets.
    public var sampleEvery: Int
    /// Steps between two checkpoints.
    public var checkpointEvery: Int
    /// Steps between two lines of metrics that tell of every parameter; 0 for no telemetry.
    public var telemetryInterval: Int

    /// The telemetry interval where nobody names one.
    public static let telemetryInterval = 50

    /// Options of all parts.
    public init(
        steps: Int, sampleEvery: Int = 500, checkpointEvery: Int = 500, telemetryInterval: Int = Self.telemetryInterval
    ) {
        self.steps = steps
        self.sampleEvery = max(1, sampleEvery)
        self.checkpointEvery = max(1, checkpointEvery)
        self.telemetryInterval = max(0, telemetryInterval)
    }
}

/// What a run came to.
public struct TrainingSummary: Sendable {
    /// Steps done since the run's beginning.
    public var step: Int
    /// Steps done by this process.
    public var stepsHere: Int
    /// Seconds that they took.
    public var seconds: Double
    /// The last step's losses and tracked values by name; empty if no step was done.
    public var values: [(name: String, value: Double)]
    /// What is happening in the run.
    public var verdict: Verdict
    /// True if a person ended it before its last step.
    public var wasInterrupted: Bool
    /// The last sample sheet, if one was drawn.
    public var samples: String?
    /// The last checkpoint.
    public var checkpoint: String
}

/// One run: a model, its examples, and the folder that keeps what comes of it.
public final class TrainingSession {
    /// The model in its present state.
    public let model: NativeModel
    private let folder: RunFolder
    private let identity: RunIdentity
    private let examples: ExampleSource
    private let metrics: MetricsLog
    private var observer: RunObserver
    private var step: Int
    private var plannedSteps: Int
    private var lastCheckpoint: String?
    /// What ended the run, if that was a value that is not finite: the model is in the state before the failed run of
    /// its phase.
    private var failure: NonFinite?
    /// The steps whose checkpoints are kept, since trouble began after them.
    private var keptCheckpoints: [Int] = []

    /// A run that begins in an empty folder.
    ///
    /// - Parameters:
    ///   - program: what the folder keeps of the model.
    ///   - identity: what the run is.
    ///   - model: freshly initialised.
    ///   - steps: the step at which the run is to end.
    ///   - source: the text of the file that describes the model, if there is one.
    ///   - tuning: what `model` was tuned by.
    /// - Throws: ``TrainingError`` if the folder holds a run or the data do not fit, `FormatError` if nothing can be
    ///   written.
    public init(
        beginning program: Program, identity: RunIdentity, model: NativeModel, dataset: any Dataset,
        folder: RunFolder, steps: Int, source: String? = nil, tuning: Tuning? = nil
    ) throws {
        examples = try ExampleSource(dataset, model: model)
        observer = RunObserver(RunFacts(program, examples: identity.examples))
        self.model = model
        self.identity = identity
        self.folder = folder
        step = 0
        plannedSteps = steps
        // The first checkpoint makes every run resumable, and tells at once if there is no room.
        do {
            try folder.begin(program, source: source, tuning: tuning)
            metrics = try MetricsLog(path: folder.metricsPath, after: 0)
            let path = folder.checkpointPath(step: 0)
            try Checkpoint.write(model, identity: identity, step: 0, plannedSteps: steps, to: path)
            lastCheckpoint = path
        } catch let error as FormatError {
            folder.abandon()
            throw error
        }
    }

    /// A run that goes on from the last checkpoint in `folder`.
    ///
    /// - Parameter program: the model, as it was traced.
    /// - Throws: ``TrainingError`` if the checkpoint is of another run; nothing is changed then.
    public init(
        resuming folder: RunFolder, program: Program, identity: RunIdentity, model: NativeModel, dataset: any Dataset
    ) throws {
        let path = try folder.latestCheckpoint()
        let checkpoint = try Checkpoint.read(path)
        let differences = identity.differences(from: checkpoint.identity)
        guard differences.isEmpty else {
            throw TrainingError(
                "\(folder.path) cannot be resumed: its checkpoint is of another run",
                notes: differences.map { "it has \($0)" },
                help: "resume it as it was begun, or begin another run with --out")
        }
        examples = try ExampleSource(dataset, model: model)
        try checkpoint.restore(into: model, path: path)
        self.model = model
        self.identity = identity
        self.folder = folder
        step = checkpoint.step
        plannedSteps = checkpoint.plannedSteps
        lastCheckpoint = path
        keptCheckpoints = folder.oldCheckpoints
        metrics = try MetricsLog(path: folder.metricsPath, after: step)
        observer = try folder.observer(of: program, examples: identity.examples)
    }

    /// Trains until `options.steps` steps are done, or a person asks to stop.
    ///
    /// - Parameter goOn: asked after each step, with all the step's work done, whether another one is wanted.
    /// - Throws: ``TrainingError`` if a value is no longer finite or a file cannot be written; it names the last
    ///   checkpoint, which is whole.
    public func run(
        _ options: TrainingOptions, progress: TrainingProgress, goOn: () -> Bool = { true }
    ) throws -> TrainingSummary {
        let first = step
        plannedSteps = options.steps
        let start = ContinuousClock.now
        var values: [Double] = []
        var samples: String?
        let telemetry = Telemetry(of: model, interval: options.telemetryInterval, heldOut: examples.heldOut)
        let layout = MetricsLayout(model.manifest.valueNames + telemetry.names)
        Interruption.listen()
        defer { Interruption.stopListening() }
        do {
            try metrics.begin(layout)
            while step < options.steps, !Interruption.isWished {
                let begin = ContinuousClock.now
                let batch = try examples.batch(step: step)
                values = try model.step(step, batch: batch)
                step += 1
                let seconds = (ContinuousClock.now - begin).seconds
                let numbers = values + (try telemetry.values(step: step, batch: batch))
                let verdict = observer.observe(step: step, numbers, by: layout)
                try metrics.append(step: step, numbers, verdict: verdict, seconds: seconds)
                if let verdict {
                    progress.say("step \(step): \(verdict.headline)")
                    keepCheckpoint(before: verdict)
                }
                progress.show(step: step, of: options.steps, seconds: seconds, values: named(values))
                if step % options.sampleEvery == 0 || step == options.steps { samples = try drawSamples() }
                if step % options.checkpointEvery == 0 || step == options.steps { try saveCheckpoint() }
                if !goOn() { break }
            }
            if step < options.steps { try saveCheckpoint() }
        } catch {
            progress.close()
            throw stopped(by: error)
        }
        progress.close()
        return TrainingSummary(
            step: step, stepsHere: step - first, seconds: (ContinuousClock.now - start).seconds,
            values: named(values), verdict: observer.verdict, wasInterrupted: step < options.steps, samples: samples,
            checkpoint: lastCheckpoint ?? folder.checkpointPath(step: step))
    }

    /// Finds the first operation that gave a value that is not finite, after ``run(_:progress:goOn:)`` ended with one,
    /// and adds what is found to the metrics.
    ///
    /// - Parameter compilation: of the model.
    /// - Returns: nil if the run did not end so.
    /// - Throws: `NativeError` if the operations cannot be compiled one by one.
    public func traceFailure(_ compilation: Compilation) async throws -> Verdict? {
        guard let failure else { return nil }
        let verdict = try await NonFiniteTrace(compilation: compilation, model: model).verdict(
            on: failure, batch: try examples.batch(step: failure.step))
        observer.observe(MetricsLine(step: verdict.since, values: [:], verdict: verdict))
        try metrics.append(step: verdict.since, verdict: verdict)
        return verdict
    }

    private func named(_ values: [Double]) -> [(name: String, value: Double)] {
        zip(model.manifest.valueNames, values).map { (name: $0, value: $1) }
    }

    /// Draws the sheet of the present step and returns its path.
    private func drawSamples() throws -> String {
        let path = folder.samplePath(step: step)
        try PNG.write(try SampleGrid.sheet(of: model), to: path)
        return path
    }

    private func saveCheckpoint() throws {
        let path = folder.checkpointPath(step: step)
        guard lastCheckpoint != path else { return }
        try metrics.synchronize()
        try Checkpoint.write(model, identity: identity, step: step, plannedSteps: plannedSteps, to: path)
        lastCheckpoint = path
        folder.pruneCheckpoints(but: keptCheckpoints)
    }

    /// Keeps the state from before trouble began, from which mends are tried: that of the first trouble, and of the last.
    private func keepCheckpoint(before verdict: Verdict) {
        guard !verdict.isHealthy, let step = folder.checkpointSteps.last(where: { $0 < verdict.since }) else { return }
        keptCheckpoints = keptCheckpoints.prefix(1) + [step]
    }

    /// `error` with what is left of the run.
    private func stopped(by error: any Error) -> TrainingError {
        let left = lastCheckpoint.map { ["the last checkpoint is whole: \($0)"] } ?? []
        let resume = "then go on with: cganc train --resume --out \(folder.path)"
        switch error {
        case let error as FormatError:
            return TrainingError(
                "\(error.path): \(error.message); the run stopped after step \(step)", notes: error.notes + left,
                help: "\(error.help ?? "make the file writable"); \(resume)")
        case let error as NativeError:
            failure = error.nonFinite
            if let failure {
                let verdict = Verdict(failure)
                observer.observe(MetricsLine(step: verdict.since, values: [:], verdict: verdict))
                try? metrics.append(step: verdict.since, verdict: verdict)
            }
            return TrainingError(
                error.message, notes: left,
                help: error.help
                    ?? "lower the learning rates or choose another loss, and train into another folder")
        default:
            return TrainingError("\(error)", notes: left)
        }
    }
}

extension Verdict {
    /// What is known of a step that is not finite before it is traced.
    public init(_ failure: NonFinite) {
        self.init(.nonFinite, since: failure.step + 1, sentence: failure.message)
    }
}

extension Duration {
    /// The whole duration in seconds.
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
