public import CGAN
import Compiler
import Datasets
public import Diagnosis
import Foundation
import Native
public import Training

/// A run in which something is wrong, with all that it takes to go back to before it was.
public struct RunToMend: Sendable {
    /// Where the run lies.
    public let folder: RunFolder
    /// The model's file as it was when the run began.
    public let source: String
    /// The same, in tokens.
    let text: ModelText
    /// The file's path as the user gave it; nil for a model that comes with cganc.
    public let file: String?
    /// What the run is.
    public let identity: RunIdentity
    /// The step at which it was to end.
    public let plannedSteps: Int
    /// What went wrong.
    public let verdict: Verdict
    /// The step of the line at which it was clear.
    public let announced: Int
    /// The step of the first line at which anything could be judged.
    private let firstJudged: Int
    /// The run's metrics.
    let lines: [MetricsLine]
    /// Steps between two lines of telemetry in the run.
    let telemetryInterval: Int
    /// What a step took, in seconds.
    public let secondsPerStep: Double

    /// What is wrong in the run that lies in `folder`.
    ///
    /// - Throws: `TrainingError` if the run is healthy, or something that is needed is missing.
    public init(_ folder: RunFolder, program: Program, examples: Int?) throws {
        self.folder = folder
        let checkpoint = try Checkpoint.read(try folder.latestCheckpoint())
        identity = checkpoint.identity
        plannedSteps = checkpoint.plannedSteps
        guard let source = try folder.modelSource() else {
            throw TrainingError(
                "\(folder.path) does not hold its model's source, which a mend changes",
                notes: ["it was begun from a saved program, or by an earlier cganc"],
                help: "train the model's .swift file, or a shipped model by its name, and diagnose that run")
        }
        guard let text = ModelText(source) else {
            throw TrainingError(
                "\(folder.modelPath) holds no type that conforms to ConditionalGAN",
                help: "write the model as: @main struct MyModel: ConditionalGAN { … }")
        }
        self.source = source
        self.text = text
        file = program.file
        lines = try folder.metrics()
        var observer = RunObserver(RunFacts(program, examples: examples))
        var announcements: [(step: Int, code: DiagnosisCode)] = []
        for line in lines {
            if let code = observer.observe(line)?.code { announcements.append((line.step, code)) }
        }
        guard let verdict = observer.active.first ?? observer.history.last else {
            throw TrainingError(
                "\(folder.path) needs no mend: \(observer.verdict.sentence)",
                help: "cganc diagnose \(folder.path) tells more")
        }
        self.verdict = verdict
        let watched = lines.filter { $0.values["logit.accuracy"] != nil }.map(\.step)
        telemetryInterval = max(1, zip(watched.dropFirst(2), watched.dropFirst()).map { $0 - $1 }.min() ?? 50)
        firstJudged = watched.first { $0 >= RunObserver.warmUp } ?? RunObserver.warmUp
        announced =
            announcements.last { $0.code == verdict.code && $0.step >= verdict.since }?.step
            ?? verdict.since + 3 * telemetryInterval
        let seconds = lines.suffix(200).compactMap { $0.values["seconds"] }.sorted()
        secondsPerStep = seconds.isEmpty ? 0.05 : seconds[seconds.count / 2]
    }

    /// The step of the last checkpoint before the trouble began; 0, the beginning, needs none. What is wrong as soon as
    /// anything is judged may have been wrong from the first step on, and every checkpoint before may carry it.
    public var forkStep: Int {
        verdict.since <= firstJudged ? 0 : folder.checkpointSteps.last { $0 < verdict.since } ?? 0
    }

    /// The state at `step`; nil for the beginning.
    ///
    /// - Throws: `TrainingError` if there is no checkpoint of that step, with those there are.
    func checkpoint(at step: Int) throws -> Checkpoint? {
        guard step != 0 else { return nil }
        let steps = folder.checkpointSteps
        guard steps.contains(step) else {
            let others = Set(steps).union([0]).sorted().map(String.init)
            throw TrainingError(
                "\(folder.path) holds no checkpoint of step \(step)",
                help: "begin at step \(others.joined(separator: ", "))")
        }
        return try Checkpoint.read(folder.checkpointPath(step: step))
    }

    /// How many steps a fork from `step` takes unless told otherwise: as many as it took until the trouble was clear, and
    /// half as many again for a mend to show that it stays away.
    public func usualSteps(from step: Int) -> Int {
        let until = max(0, announced - step)
        return max(150, (until + max(until / 2, 4 * forkInterval) + 9) / 10 * 10)
    }

    /// Steps between two lines of telemetry in a fork: those of the run, or fewer, since a fork is short.
    var forkInterval: Int { min(telemetryInterval, 25) }
}
