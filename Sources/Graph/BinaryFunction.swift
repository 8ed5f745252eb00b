/// An elementwise function of two arguments of the same shape. Comparisons yield 1 or 0.
public enum BinaryFunction: String, Hashable, Codable, Sendable, CaseIterable {
    case add, subtract, multiply, divide
    case maximum, minimum
    case greater, greaterOrEqual, equal
}

/// What the compiler knows of one elementwise function of two arguments.
public struct BinaryRow: Sendable {
    /// The value in double precision.
    public let evaluate: @Sendable (Double, Double) -> Double
    /// The C expression of the value; `$a` and `$b` stand for the arguments.
    public let c: String
}

extension BinaryFunction {
    /// The function's row: value and C form. Derivatives are in the table of vector–Jacobian products.
    public var row: BinaryRow {
        switch self {
        case .add: BinaryRow(evaluate: { $0 + $1 }, c: "$a + $b")
        case .subtract: BinaryRow(evaluate: { $0 - $1 }, c: "$a - $b")
        case .multiply: BinaryRow(evaluate: { $0 * $1 }, c: "$a * $b")
        case .divide: BinaryRow(evaluate: { $0 / $1 }, c: "$a / $b")
        case .maximum: BinaryRow(evaluate: { $0 > $1 ? $0 : $1 }, c: "real_max($a, $b)")
        case .minimum: BinaryRow(evaluate: { $0 < $1 ? $0 : $1 }, c: "real_min($a, $b)")
        case .greater: BinaryRow(evaluate: { $0 > $1 ? 1 : 0 }, c: "($a > $b ? REAL(1.0) : REAL(0.0))")
        case .greaterOrEqual: BinaryRow(evaluate: { $0 >= $1 ? 1 : 0 }, c: "($a >= $b ? REAL(1.0) : REAL(0.0))")
        case .equal: BinaryRow(evaluate: { $0 == $1 ? 1 : 0 }, c: "($a == $b ? REAL(1.0) : REAL(0.0))")
        }
    }
}
