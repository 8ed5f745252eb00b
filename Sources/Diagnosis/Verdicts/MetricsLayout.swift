/// The names of a run's numbers in the order in which every line has them, and the places of those that detectors read:
/// made once, when the run begins.
public struct MetricsLayout: Sendable {
    /// The names; of two that are the same the last counts.
    public let names: [String]
    /// For each ``Metric`` its place among the names; nil if the run does not tell it.
    fileprivate let places: [Int?]

    /// The layout of lines of these numbers.
    public init(_ names: [String]) {
        self.names = names
        let found = Dictionary(zip(names, names.indices), uniquingKeysWith: { $1 })
        places = Metric.allCases.map { found[$0.name] }
    }
}

/// A line as detectors read it: whatever every line may have by its place, the rest by name.
struct MetricsRow: Sendable {
    /// The step, counted from 1.
    let step: Int
    /// The number of each ``Metric``; not finite if the line does not tell it.
    private let numbers: [Double]
    /// Every number by name, if the line tells of layers and logits; empty otherwise.
    let named: [String: Double]

    /// The line of step `step` whose numbers are in the order of `layout`, those that it lacks at the end left out.
    init(step: Int, _ all: [Double], by layout: MetricsLayout) {
        self.step = step
        numbers = layout.places.map { place in
            guard let place, place < all.count else { return .nan }
            return all[place]
        }
        named =
            Self.isWatched(numbers)
            ? Dictionary(zip(layout.names, all).filter { $0.1.isFinite }, uniquingKeysWith: { $1 }) : [:]
    }

    /// The line of a file.
    init(_ line: MetricsLine) {
        step = line.step
        numbers = Metric.allCases.map { line.values[$0.name] ?? .nan }
        named = Self.isWatched(numbers) ? line.values : [:]
    }

    subscript(metric: Metric) -> Double? {
        let number = numbers[metric.rawValue]
        return number.isFinite ? number : nil
    }

    /// True if the line tells of layers and logits.
    var isWatched: Bool { Self.isWatched(numbers) }

    private static func isWatched(_ numbers: [Double]) -> Bool { numbers[Metric.accuracy.rawValue].isFinite }
}
