/// The numbers that every element of a tensor lies between, ends included; an end may be infinite.
struct Interval: Hashable {
    var low, high: Double

    init(_ low: Double, _ high: Double) {
        self.low = low
        self.high = high
    }

    /// Any number.
    static let all = Interval(-.infinity, .infinity)
    /// The number 0.
    static let zero = Interval(0, 0)

    /// The one number `value`.
    static func point(_ value: Double) -> Interval { Interval(value, value) }

    /// True of the number 0 alone.
    var isZero: Bool { low == 0 && high == 0 }
    /// True of one number.
    var isPoint: Bool { low == high }
    /// True if 0 is among the numbers.
    var containsZero: Bool { low <= 0 && high >= 0 }

    /// The smallest interval around both.
    func joined(with other: Interval) -> Interval { Interval(min(low, other.low), max(high, other.high)) }

    static func + (a: Interval, b: Interval) -> Interval { Interval(a.low + b.low, a.high + b.high) }
    static func - (a: Interval, b: Interval) -> Interval { Interval(a.low - b.high, a.high - b.low) }
    static prefix func - (a: Interval) -> Interval { Interval(-a.high, -a.low) }

    /// The products; 0 times anything is 0, since every value is finite.
    static func * (a: Interval, b: Interval) -> Interval {
        func times(_ x: Double, _ y: Double) -> Double { x == 0 || y == 0 ? 0 : x * y }
        let ends = [times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high)]
        return Interval(ends.min() ?? 0, ends.max() ?? 0)
    }

    /// The sums of `count` numbers.
    func summed(_ count: Int) -> Interval { self * .point(Double(count)) }

    /// The sums of 0 to `count` numbers.
    func summed(upTo count: Int) -> Interval { summed(count).joined(with: .zero) }

    /// `1 / x`.
    var reciprocal: Interval { containsZero ? .all : Interval(1 / high, 1 / low) }

    /// `x²`.
    var squared: Interval {
        let ends = [low * low, high * high]
        return Interval(containsZero ? 0 : ends.min() ?? 0, ends.max() ?? 0)
    }

    /// The values of an increasing function.
    func mapped(_ increasing: (Double) -> Double) -> Interval {
        let (a, b) = (increasing(low), increasing(high))
        return a.isNaN || b.isNaN ? .all : Interval(min(a, b), max(a, b))
    }
}
