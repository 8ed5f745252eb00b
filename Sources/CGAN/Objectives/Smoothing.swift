/// Targets other than 1 and 0 for the discriminator, so that it is never certain (Salimans 2016).
///
/// One-sided smoothing leaves the target of generated pairs at 0.
public struct Smoothing: Sendable {
    let real: ClosedRange<Double>
    let fake: ClosedRange<Double>

    /// Targets 1 and 0.
    public static let none = Smoothing(real: 1...1, fake: 0...0)

    /// The same targets for every example.
    public static func fixed(real: Double, fake: Double = 0) -> Smoothing {
        Smoothing(real: real...real, fake: fake...fake)
    }

    /// Targets drawn for each example, uniform over the ranges; the draws are called `smoothing.real` and
    /// `smoothing.fake` and have the outputs' shape `[B, 1]`.
    public static func uniform(
        real: ClosedRange<Double>, fake: ClosedRange<Double> = 0...0
    ) -> Smoothing {
        Smoothing(real: real, fake: fake)
    }

    /// The targets of real and of generated pairs.
    func targets(for batch: Batch) -> (real: Tensor, fake: Tensor) {
        func target(_ name: String, _ range: ClosedRange<Double>) -> Tensor {
            range.lowerBound == range.upperBound
                ? batch.constant(range.lowerBound)
                : batch.uniform(name, shape: [batch.size, 1], in: range.lowerBound..<range.upperBound)
        }
        return (target("smoothing.real", real), target("smoothing.fake", fake))
    }
}
