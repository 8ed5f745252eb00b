import Graph

/// SplitMix64 (Steele, Lea & Flood 2014): the same seed gives the same numbers on every machine.
public struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    /// The sequence of `seed`.
    public init(seed: UInt64) { state = seed }

    /// Sixty-four random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A whole number in `range`.
    public mutating func int(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// A number in `low ..< high`.
    public mutating func double(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * Double(next() >> 11) * 0x1p-53
    }

    /// True with the probability `probability`.
    public mutating func chance(_ probability: Double) -> Bool { double(0, 1) < probability }

    /// One of `choices`.
    ///
    /// - Precondition: there is at least one.
    public mutating func choose<T>(_ choices: [T]) -> T { choices[int(0...choices.count - 1)] }

    /// A tensor of `shape` with elements in `low ..< high`.
    public mutating func tensor(_ shape: Shape, _ low: Double = -1, _ high: Double = 1) -> TensorValue {
        TensorValue(shape, (0..<shape.count).map { _ in double(low, high) })
    }

    /// A tensor of `shape` with whole numbers below `limit`.
    public mutating func indices(_ shape: Shape, below limit: Int) -> TensorValue {
        TensorValue(shape, (0..<shape.count).map { _ in Double(int(0...limit - 1)) })
    }
}
