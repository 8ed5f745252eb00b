import CGAN
public import Datasets
public import Diagnosis
import Native
public import Training

/// A short run of a candidate, from a state of the run that is to be mended or from the beginning.
public struct Fork {
    /// What is trained.
    public var candidate: Candidate
    /// The state that it begins with; nil for the beginning.
    public var checkpoint: Checkpoint?
    /// What the run's metrics tell of the steps before it, where they tell of the same model.
    public var earlier: [MetricsLine] = []
    /// Of every random number.
    public var seed: UInt64
    /// 1 ... 64; results do not depend on it.
    public var threads: Int
    /// The step at which it ends, counted from the run's beginning.
    public var lastStep: Int
    /// Steps between two lines that tell of every parameter and layer.
    public var telemetryInterval: Int

    /// What came of it.
    public struct Outcome: Sendable {
        /// What is happening at its end.
        public var verdict: Verdict
        /// Every fault that began in it.
        public var history: [Verdict]
        /// True if the verdict is a judgement, and not that the run is too young for one.
        public var isJudged: Bool
        /// Why it ended before its last step: a value that was not finite.
        public var stopped: String?
        /// Its lines of metrics.
        public var lines: [MetricsLine]
        /// How near its samples are to the data before its first step.
        public var firstSamples: SampleQuality
        /// How near they are at its end; nil if it stopped.
        public var samples: SampleQuality?
        /// How far the samples have moved, latent by latent, as a part of the real images' deviation within a class; nil if
        /// it stopped.
        public var movement: Double?
        /// Which tensors came over from the checkpoint, and which began anew.
        public var state: CarriedState
    }

    /// Trains.
    ///
    /// - Parameter show: is called with each step that is done.
    /// - Throws: `TrainingError` if the data do not fit, `NativeError` if the library does not load.
    public func run(on dataset: any Dataset, beside real: RealSamples, show: (_ step: Int) -> Void) throws -> Outcome {
        let model = try NativeModel(library: candidate.library, seed: seed, threads: threads)
        var state = CarriedState()
        if let checkpoint { state = try checkpoint.carry(into: model) }
        let first = try real.images(of: model)
        let begin = checkpoint?.step ?? 0
        let run = try TrialRun(model, on: dataset, after: begin, telemetryInterval: telemetryInterval)
        var observer = RunObserver(RunFacts(candidate.program, examples: dataset.stored?.labels.count))
        for line in earlier { observer.observe(line) }
        var lines: [MetricsLine] = []
        var stopped: String?
        while run.step < lastStep {
            do {
                let line = MetricsLine(step: run.step + 1, try run.advance())
                observer.observe(line)
                lines.append(line)
            } catch let error as NativeError {
                guard let failure = error.nonFinite else { throw error }
                stopped = failure.message
                let verdict = Verdict(failure)
                observer.observe(MetricsLine(step: verdict.since, values: [:], verdict: verdict))
                break
            }
            show(run.step)
        }
        let last = stopped == nil ? try real.images(of: model) : nil
        return Outcome(
            verdict: observer.verdict, history: observer.history,
            isJudged: stopped != nil
                || run.step >= max(RunObserver.warmUp + 2 * telemetryInterval, begin + 3 * telemetryInterval),
            stopped: stopped, lines: lines, firstSamples: SampleQuality(of: first, beside: real),
            samples: last.map { SampleQuality(of: $0, beside: real) },
            movement: last.map { real.deviation > 0 ? $0.change(from: first) / real.deviation : 0 }, state: state)
    }
}
