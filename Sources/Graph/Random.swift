/// The law of one random number.
public enum Distribution: Hashable, Codable, Sendable {
    /// Uniform over `low ..< high`.
    case uniform(low: Double, high: Double)
    /// Gaussian.
    case normal(mean: Double, deviation: Double)
    /// `value` with probability `probability`, else 0.
    case bernoulli(probability: Double, value: Double)
}

/// A tensor of random numbers drawn anew in each run of a phase, a function of seed, step and the draw's number.
public struct Draw: Hashable, Codable, Sendable {
    /// The name it is dumped under, for example `smoothing.real`.
    public var name: String
    /// The law of each element.
    public var distribution: Distribution

    /// A draw called `name`.
    public init(_ name: String, _ distribution: Distribution) {
        self.name = name
        self.distribution = distribution
    }
}

extension Distribution {
    /// True if it is the law of a number: finite, ordered, with a probability within `0 ... 1`.
    public var isPossible: Bool {
        switch self {
        case .uniform(let low, let high): low.isFinite && high.isFinite && low <= high
        case .normal(let mean, let deviation): mean.isFinite && deviation.isFinite && deviation >= 0
        case .bernoulli(let probability, let value): (0...1).contains(probability) && value.isFinite
        }
    }
}
