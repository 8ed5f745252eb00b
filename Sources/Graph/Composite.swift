/// An operation with a definition in terms of the closed set, kept whole in the user's graph so that it reads as
/// written and can be recognised; decomposed before differentiation.
public enum Composite: Hashable, Codable, Sendable {
    /// The arithmetic mean over `axes`, which are removed.
    case mean(axes: [Int])
    /// The biased variance over `axes`, which are removed.
    case variance(axes: [Int])
    /// `√(Σ x² + ε)` over `axes`, which are removed.
    case norm(axes: [Int], epsilon: Double)
    /// `(x − mean) / √(variance + ε)` with mean and biased variance over `axes`; the shape stays.
    case normalize(axes: [Int], epsilon: Double)
    /// `e^x / Σ e^x` along `axis`.
    case softmax(axis: Int)
    /// `x − log Σ e^x` along `axis`.
    case logSoftmax(axis: Int)
    /// `x` limited to `low ... high`.
    case clip(low: Double, high: Double)
    /// Elementwise `−(t·log p + (1−t)·log(1−p))` of probabilities `p` (first input) clipped to `clip ... 1 − clip`
    /// and targets `t` (second input), as Keras computes it.
    case binaryCrossEntropy(clip: Double)
    /// Elementwise `t·softplus(−l) + (1−t)·softplus(l)` of logits `l` (first input) and targets `t` (second input).
    case logitCrossEntropy
}
