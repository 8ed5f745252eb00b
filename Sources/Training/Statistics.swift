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
        var (sum, squares, flat) = (0.0, 0.0, 0)
        var isAlive = [Bool](repeating: false, count: units)
        var unit = 0
        for value in values {
            let x = Double(value)
            sum += x
            squares += x * x
            switch kind {
            case .relu where x > 0: isAlive[unit] = true
            case .tanh where abs(x) > 0.95, .sigmoid where abs(2 * x - 1) > 0.95: flat += 1
            default: break
            }
            unit = unit + 1 == units ? 0 : unit + 1
        }
        let count = Double(values.count)
        mean = sum / count
        deviation = max(0, squares / count - mean * mean).squareRoot()
        dead = kind == .relu ? Double(isAlive.count { !$0 }) / Double(units) : .nan
        saturated = kind == .tanh || kind == .sigmoid ? Double(flat) / count : .nan
    }
}

/// The root of the mean of `(x − y)²`.
func rootMeanSquareDifference(_ x: [Double], _ y: [Double]) -> Double {
    (zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(x.count)).squareRoot()
}

/// The deviation of pixels inside a class: the root of the pooled variance of `images`, `[labels.count, pixels]`, about
/// the mean of their class. Not a number if no class has two images.
func spreadWithinClasses(_ images: [Double], labels: [Int32]) -> Double {
    let pixels = images.count / max(1, labels.count)
    var (squares, freedom) = (0.0, 0)
    for (first, label) in labels.enumerated() where labels.firstIndex(of: label) == first {
        let members = labels.indices.filter { labels[$0] == label }
        guard members.count > 1 else { continue }
        freedom += members.count - 1
        for pixel in 0..<pixels {
            let mean = members.reduce(0) { $0 + images[$1 * pixels + pixel] } / Double(members.count)
            for member in members {
                let distance = images[member * pixels + pixel] - mean
                squares += distance * distance
            }
        }
    }
    return freedom == 0 ? .nan : (squares / Double(freedom * pixels)).squareRoot()
}
