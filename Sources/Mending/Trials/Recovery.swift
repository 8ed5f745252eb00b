public import Diagnosis

/// How far a fork has recovered: its verdict, and the signals that tell whether the generator learns.
public struct Recovery: Sendable {
    /// What is happening at the fork's end.
    public var verdict: Verdict
    /// The faults that began in the fork.
    public var history: [Verdict]
    /// True if the verdict is a judgement.
    public var isJudged: Bool
    /// Norm of the generator's gradient, the mean over the last third of the fork; nil if it stopped.
    public var gradient: Double?
    /// How far generated images move when every label turns, as a part of the spread of real images within a class.
    public var labelEffect: Double?
    /// The spread of generated images within a class, as a part of that of real ones.
    public var spread: Double?
    /// How near the samples were to the data before the fork's first step.
    public var firstSamples: SampleQuality
    /// How near they are at its end; nil if the fork stopped.
    public var samples: SampleQuality?
    /// How far the samples have moved, latent by latent, as a part of the real images' deviation within a class; nil if the
    /// fork stopped.
    public var movement: Double?

    /// What samples of a generator that learns move by at least, within any fork: over 57 trials of faulty models, those
    /// of mends that hold moved by 0.16 ... 2.2, those of a generator with a rate of 1e-8 by 2e-4.
    static let leastMovement = 0.1

    /// The recovery that `outcome` shows.
    init(_ outcome: Fork.Outcome) {
        verdict = outcome.verdict
        history = outcome.history
        isJudged = outcome.isJudged
        firstSamples = outcome.firstSamples
        samples = outcome.samples
        movement = outcome.movement
        guard outcome.stopped == nil, let last = outcome.lines.last, let first = outcome.lines.first else { return }
        let begin = last.step - (last.step - first.step) / 3
        func mean(_ name: String) -> Double? {
            let values = outcome.lines.filter { $0.step >= begin }.compactMap { $0.values[name] }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        gradient = mean("gradient.norm.generator")
        if let real = mean("spread.class.real"), real > 0 {
            labelEffect = mean("label.effect.generator").map { $0 / real }
            spread = mean("spread.class.fake").map { $0 / real }
        }
    }

    /// True if nothing is wrong any more and the generator learns: a network that has stopped to move may look healthy, so
    /// its samples must have moved, and not away from the data.
    ///
    /// They may be as far from the data as they were at the fork's beginning, or as those of `control`, the model as it is.
    /// Control alone would be no measure: the black and white noise of a saturated network is nearer to black and white
    /// images than what a sound network draws in its first steps.
    func isRecovery(from control: Recovery) -> Bool {
        guard verdict.isHealthy, isJudged, learns, let samples else { return false }
        let limit = max(firstSamples.distance, control.samples?.distance ?? 0)
        return samples.distance <= limit * 1.05 + 0.01
    }

    /// True if a gradient reaches the generator and its samples move.
    var learns: Bool { gradient ?? 0 > 0 && movement ?? 0 >= Self.leastMovement }

    /// The same as a run from the beginning is judged: nothing may be wrong at any time.
    var overall: Recovery {
        var result = self
        if verdict.isHealthy, let fault = history.first { result.verdict = fault }
        return result
    }
}
