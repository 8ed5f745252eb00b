import Foundation

/// One direction of a plot: which numbers lie where.
public struct Axis: Hashable, Sendable {
    /// How numbers are spread.
    public enum Kind: Sendable {
        /// Equal differences are equally far apart.
        case linear
        /// Equal ratios are; numbers that are not positive have no place.
        case logarithmic
    }

    /// How numbers are spread.
    public let kind: Kind
    /// The numbers at the two ends.
    public let bounds: ClosedRange<Double>

    /// The axis from `bounds.lowerBound` to `bounds.upperBound`.
    ///
    /// - Requires: two different numbers, positive on a logarithmic axis.
    public init(_ kind: Kind, _ bounds: ClosedRange<Double>) {
        precondition(bounds.lowerBound < bounds.upperBound, "an axis without length")
        precondition(kind == .linear || bounds.lowerBound > 0, "a logarithmic axis that begins at \(bounds.lowerBound)")
        self.kind = kind
        self.bounds = bounds
    }

    /// The axis on which all of `values` that can have a place have one, with ends at round numbers.
    ///
    /// - Parameter limits: numbers beyond which the axis does not go, where they are known: an accuracy's 0 and 1.
    public init(_ kind: Kind, fitting values: some Sequence<Double>, within limits: ClosedRange<Double>? = nil) {
        let placed = values.filter { $0.isFinite && (kind == .linear || $0 > 0) }
        let (low, high) = (placed.min() ?? 1, placed.max() ?? 1)
        switch kind {
        case .linear:
            let step = Axis.step(over: high - low, parts: 5)
            var bounds = (low / step).rounded(.down) * step...max(high / step, low / step + 1e-9).rounded(.up) * step
            if let limits { bounds = bounds.clamped(to: limits) }
            self.init(.linear, bounds.lowerBound < bounds.upperBound ? bounds : limits ?? low - 1...low + 1)
        case .logarithmic:
            // Half a decade at least, so that a constant is a line in the middle.
            let (bottom, top) = (log10(low), log10(high))
            let pad = max(0.03 * (top - bottom), top - bottom < 0.5 ? 0.25 : 0)
            self.init(.logarithmic, pow(10, bottom - pad)...pow(10, top + pad))
        }
    }

    /// Where `value` lies, 0 at the lower end and 1 at the upper; nil if it has no place. Numbers beyond an end lie there.
    public func share(of value: Double) -> Double? {
        guard value.isFinite else { return nil }
        let inside = min(max(value, bounds.lowerBound), bounds.upperBound)
        switch kind {
        case .linear: return (inside - bounds.lowerBound) / (bounds.upperBound - bounds.lowerBound)
        case .logarithmic:
            guard value > 0 else { return nil }
            return log(inside / bounds.lowerBound) / log(bounds.upperBound / bounds.lowerBound)
        }
    }

    /// Round numbers on the axis, ascending, at which lines are drawn.
    public var ticks: [Double] {
        switch kind {
        case .linear:
            let step = Axis.step(over: bounds.upperBound - bounds.lowerBound, parts: 5)
            let first = Int((bounds.lowerBound / step - 1e-9).rounded(.up))
            let last = Int((bounds.upperBound / step + 1e-9).rounded(.down))
            return first <= last ? (first...last).map { Double($0) * step } : []
        case .logarithmic:
            let (bottom, top) = (log10(bounds.lowerBound), log10(bounds.upperBound))
            if top - bottom < 2 {
                let candidates = (Int(bottom.rounded(.down))...Int(top.rounded(.up))).flatMap { power in
                    [1.0, 2, 5].map { $0 * pow(10, Double(power)) }
                }
                return candidates.filter(bounds.contains)
            }
            let stride = Swift.max(1, Int(((top - bottom) / 6).rounded(.up)))
            let first = Int((bottom - 1e-9).rounded(.up))
            let last = Int((top + 1e-9).rounded(.down))
            return (first...last).filter { $0 % stride == 0 }.map { pow(10, Double($0)) }
        }
    }

    /// 1, 2 or 5 times a power of ten: the step that cuts `length` into about `parts`.
    static func step(over length: Double, parts: Int) -> Double {
        guard length > 0, length.isFinite else { return 1 }
        let raw = length / Double(parts)
        let power = pow(10, log10(raw).rounded(.down))
        let factor = raw / power
        return (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10) * power
    }
}
