import Foundation

/// Four numbers and a few elements that stand for a tensor, as `Tests/Parity/digest.py` makes them.
struct Digest: Codable, Equatable {
    var norm: Double
    var sum: Double
    /// The product with cos(0.37 i + 0.11), i the place in C order.
    var dot: Double
    /// Elements floor(k (count − 1) / 7) for k = 0 … 7, or all of them where there are no more than eight.
    var samples: [Double]

    /// The digest of a tensor's elements in C order.
    init(of values: [Double]) {
        norm = compensatedSum(values.map { $0 * $0 }).squareRoot()
        sum = compensatedSum(values)
        dot = compensatedSum(values.enumerated().map { cos(0.37 * Double($0) + 0.11) * $1 })
        samples = Self.sampledPlaces(of: values.count).map { values[$0] }
    }

    init(norm: Double, sum: Double, dot: Double, samples: [Double]) {
        (self.norm, self.sum, self.dot, self.samples) = (norm, sum, dot, samples)
    }

    static func sampledPlaces(of count: Int) -> [Int] {
        count <= 8 ? Array(0..<count) : (0..<8).map { $0 * (count - 1) / 7 }
    }

    /// How far this digest is from a stored one: the norm, sum and product in units of the stored norm, an element in
    /// units of the larger of the tensor's root mean square and its largest stored element.
    ///
    /// - Parameter zero: where both norms are below this the tensors count as zeros met with different roundings.
    func error(against stored: Digest, count: Int, zero: Double) -> Double {
        guard samples.count == stored.samples.count else { return .infinity }
        if norm < zero && stored.norm < zero { return 0 }
        let whole = [norm - stored.norm, sum - stored.sum, dot - stored.dot].map { abs($0) / stored.norm }
        let element = stored.samples.reduce(stored.norm / Double(count).squareRoot()) { max($0, abs($1)) }
        let each = zip(samples, stored.samples).map { abs($0 - $1) / element }
        // A comparison with NaN is false, so NaN would slip through `max`.
        return (whole + each).reduce(0) { $1.isNaN ? .infinity : max($0, $1) }
    }
}

/// Neumaier's sum: the rounding of each addition is kept and added at the end.
private func compensatedSum(_ values: [Double]) -> Double {
    var sum = 0.0
    var lost = 0.0
    for value in values {
        let next = sum + value
        lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        sum = next
    }
    return sum + lost
}
