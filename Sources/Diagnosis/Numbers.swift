import Foundation

extension Double {
    /// The natural logarithm.
    var logarithm: Double { log(self) }

    /// The number with `digits` digits after the point, as text.
    func rounded(to digits: Int) -> String { String(format: "%.\(digits)f", self) }
}
