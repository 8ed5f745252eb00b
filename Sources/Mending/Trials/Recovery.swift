public import Diagnosis

/// How far a fork has recovered: its verdict, and the signals that tell whether the generator learns.
public struct Recovery: Sendable {
    /// What is happening at the fork's end.
    public var verdict: Verdict
    /// True if that is a judgement.
    public var isJudged: Bool
    /// Norm of the generator's gradient, the mean over the last third of the fork; nil if it stopped.
    public var gradient: Double?
    /// How far generated images move when every label turns, as a part of the spread of real images within a class.
    public var labelEffect: Double?
    /// The spread of generated images within a class, as a part of that of real ones.
    public var spread: Double?
    /// How near the samples are to the data; nil if the fork stopped.
    public var samples: SampleQuality?

    /// The recovery that `outcome` shows.
    init(_ outcome: Fork.Outcome) {
        verdict = outcome.verdict
        isJudged = outcome.isJudged
        samples = outcome.samples
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

    /// True if nothing is wrong any more, and the samples are no further from the data than those of `control`, the
    /// model as it is: a network that has stopped to move may look healthy.
    func isRecovery(from control: Recovery) -> Bool {
        guard verdict.isHealthy, isJudged, let samples, gradient ?? 0 > 0 else { return false }
        guard let before = control.samples else { return true }
        return samples.distance <= before.distance * 1.05 + 0.01
    }

    /// True if this one is the better of the two: recovered, then nearer to the data.
    func isBetter(than other: Recovery, control: Recovery) -> Bool {
        let (own, theirs) = (isRecovery(from: control), other.isRecovery(from: control))
        if own != theirs { return own }
        return samples?.distance ?? .infinity < other.samples?.distance ?? .infinity
    }
}
