import Foundation

extension Double {
    /// The natural logarithm.
    var logarithm: Double { log(self) }

    /// The number with `digits` digits after the point, as text.
    func rounded(to digits: Int) -> String { String(format: "%.\(digits)f", self) }

    /// The number with up to four significant digits, as text.
    var short: String { isInfinite ? (self < 0 ? "-infinity" : "infinity") : formatted(digits: 4) }

    /// The number with up to `digits` significant digits, as text.
    func formatted(digits: Int) -> String { String(format: "%.\(digits)g", self) }
}
