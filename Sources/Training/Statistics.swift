import Emission
import Native

/// What an activation's values `[…, units]` over a batch tell.
struct ActivationStatistics {
    /// Over all values.
    let mean, deviation: Double
    /// The share of a ReLU's units that are zero wherever they stand; not a number for other layers.
    let dead: Double
    /// The share of a tanh's values beyond ±0.95, or of a sigmoid's within 0.025 of an end; not a number for others.
    let saturated: Double

    init(_ buffer: RealBuffer, units: Int, kind: WatchedLayer.Kind) {
        switch buffer.values {
        case .floats(let values): self.init(UnsafeBufferPointer(values), units: units, kind: kind)
        case .doubles(let values): self.init(UnsafeBufferPointer(values), units: units, kind: kind)
        case .indices: self.init(UnsafeBufferPointer<Double>(start: nil, count: 0), units: units, kind: kind)
        }
    }

    private init<Real: BinaryFloatingPoint>(
        _ values: UnsafeBufferPointer<Real>, units: Int, kind: WatchedLayer.Kind
    ) {
        let count = Double(values.count)
        let mean = sumInLanes(values.count) { Double(values[$0]) } / count
        self.mean = mean
        let squares = sumInLanes(values.count) { Double(values[$0]) * Double(values[$0]) }
        deviation = max(0, squares / count - mean * mean).squareRoot()
        dead = kind == .relu ? Double(Self.deadUnits(values, units: units)) / Double(units) : .nan
        // What takes a layer's range to −1 … 1.
        let (scale, shift) = kind == .sigmoid ? (2.0, 1.0) : (1.0, 0.0)
        saturated =
            kind == .tanh || kind == .sigmoid
            ? sumInLanes(values.count) { abs(scale * Double(values[$0]) - shift) > 0.95 ? 1 : 0 } / count : .nan
    }

    private static func deadUnits<Real: BinaryFloatingPoint>(_ values: UnsafeBufferPointer<Real>, units: Int) -> Int {
        withUnsafeTemporaryAllocation(of: Real.self, capacity: units) { largest in
            largest.initialize(repeating: 0)
            for row in stride(from: 0, to: values.count, by: units) {
                for unit in 0..<units where values[row + unit] > largest[unit] { largest[unit] = values[row + unit] }
            }
            return largest.count { $0 == 0 }
        }
    }
}

/// The sum of `value` over `0 ..< count` in eight sums side by side, which the machine adds to at once; their number is
/// fixed, so that the result has the same bits everywhere.
@inline(__always) private func sumInLanes(_ count: Int, _ value: (Int) -> Double) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    let whole = count & ~7
    for i in stride(from: 0, to: whole, by: 8) {
        lanes += SIMD8(
            value(i), value(i + 1), value(i + 2), value(i + 3), value(i + 4), value(i + 5), value(i + 6), value(i + 7))
    }
    for i in whole..<count { lanes[i - whole] += value(i) }
    return lanes.sum()
}

/// The root of the mean of `(x − y)²`, of numbers of one type.
func rootMeanSquareDifference(_ x: RealBuffer, _ y: RealBuffer) -> Double {
    switch (x.values, y.values) {
    case (.floats(let x), .floats(let y)): rootMeanSquareDifference(UnsafeBufferPointer(x), UnsafeBufferPointer(y))
    case (.doubles(let x), .doubles(let y)): rootMeanSquareDifference(UnsafeBufferPointer(x), UnsafeBufferPointer(y))
    default: .nan
    }
}

private func rootMeanSquareDifference<Real: BinaryFloatingPoint>(
    _ x: UnsafeBufferPointer<Real>, _ y: UnsafeBufferPointer<Real>
) -> Double {
    let squares = sumInLanes(x.count) { index in
        let difference = Double(x[index]) - Double(y[index])
        return difference * difference
    }
    return (squares / Double(x.count)).squareRoot()
}

/// The deviation of pixels inside a class: the root of the pooled variance of `images`, `[labels.count, pixels]`, about
/// the mean of their class. Not a number if no class has two images.
func spreadWithinClasses(_ images: RealBuffer, labels: [Int32]) -> Double {
    switch images.values {
    case .floats(let images): spreadWithinClasses(UnsafeBufferPointer(images), labels: labels)
    case .doubles(let images): spreadWithinClasses(UnsafeBufferPointer(images), labels: labels)
    case .indices: .nan
    }
}

private func spreadWithinClasses<Real: BinaryFloatingPoint>(
    _ images: UnsafeBufferPointer<Real>, labels: [Int32]
) -> Double {
    let pixels = images.count / max(1, labels.count)
    var (squares, freedom) = (0.0, 0)
    withUnsafeTemporaryAllocation(of: Double.self, capacity: pixels) { mean in
        for (first, label) in labels.enumerated() where labels.firstIndex(of: label) == first {
            let members = labels.indices.filter { labels[$0] == label }
            guard members.count > 1 else { continue }
            freedom += members.count - 1
            mean.initialize(repeating: 0)
            for member in members {
                for pixel in 0..<pixels { mean[pixel] += Double(images[member * pixels + pixel]) }
            }
            for pixel in 0..<pixels { mean[pixel] /= Double(members.count) }
            for member in members {
                squares += sumInLanes(pixels) { pixel in
                    let distance = Double(images[member * pixels + pixel]) - mean[pixel]
                    return distance * distance
                }
            }
        }
    }
    return freedom == 0 ? .nan : (squares / Double(freedom * pixels)).squareRoot()
}
