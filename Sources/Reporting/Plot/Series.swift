/// One line of a plot, and the band about it.
public struct Series: Hashable, Sendable {
    /// A place on the line.
    public struct Point: Hashable, Sendable {
        /// Along the plot.
        public var x: Double
        /// Up the plot; where there is none, or it is not finite, the line has a gap.
        public var y: Double?
        /// The band's ends, if it has one here.
        public var band: ClosedRange<Double>?

        /// A point of all its parts.
        public init(_ x: Double, _ y: Double?, band: ClosedRange<Double>? = nil) {
            self.x = x
            self.y = y
            self.band = band
        }
    }

    /// What the legend calls it.
    public var name: String
    /// Its points, from left to right.
    public var points: [Point]
    /// Which of the page's colours it has, from 0.
    public var colour: Int

    /// A line of all its parts.
    public init(_ name: String, _ points: [Point], colour: Int) {
        self.name = name
        self.points = points
        self.colour = colour
    }

    /// True if some point has a place on any axis.
    public var isEmpty: Bool { !points.contains { $0.y?.isFinite ?? false } }
}

extension Series {
    /// The median of `values` in each of at most `count` runs of neighbouring steps, with their extremes as the band.
    ///
    /// - Parameter values: steps, ascending, and what was measured there.
    public init(_ name: String, thinning values: [(step: Int, value: Double)], to count: Int = 150, colour: Int) {
        let size = max(1, (values.count + count - 1) / count)
        let points = stride(from: 0, to: values.count, by: size).map { start -> Point in
            let bin = values[start..<min(start + size, values.count)]
            let sorted = bin.map(\.value).sorted()
            let step = Double(bin.reduce(0) { $0 + $1.step }) / Double(bin.count)
            return Point(
                step, median(sorted: sorted), band: sorted.count > 1 ? sorted[0]...sorted[sorted.count - 1] : nil)
        }
        self.init(name, points, colour: colour)
    }
}

/// The middle of `values`, or the mean of the two that share it; nil if there are none.
func median(_ values: some Sequence<Double>) -> Double? { median(sorted: values.sorted()) }

private func median(sorted values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
}
