/// Where a training step met a loss or a gradient that is not finite.
public struct NonFinite: Hashable, Sendable {
    /// The step, counted from 0.
    public var step: Int
    /// The phase's place in the manifest.
    public var phase: Int
    /// The phase's run within the step, counted from 0.
    public var run: Int
    /// The phase's name.
    public var phaseName: String
    /// What was not finite, and what became of the parameters, in lower case.
    public var fact: String

    /// One line that says it. Steps count from 1 in it, as in the metrics.
    public var message: String { "step \(step + 1), \(phaseName) phase: \(fact)" }
}
