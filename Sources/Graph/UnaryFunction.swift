import Foundation

/// An elementwise function of one argument. Its facts are rows of ``UnaryFunction/row``.
public enum UnaryFunction: Hashable, Codable, Sendable {
    case negate, reciprocal, square, squareRoot, absolute, sign
    case exponential, logarithm, sine, cosine
    case tanh, sigmoid, softplus
    case relu, leakyReLU(slope: Double), elu(alpha: Double)
    /// `1` where `x > 0`, else `0`.
    case step
    /// `1` where `x > 0`, else `slope`: the derivative of ``leakyReLU(slope:)``.
    case leakyStep(slope: Double)
    case power(Double)
    case floor, round
}

/// What the compiler knows of one elementwise function.
public struct UnaryRow: Sendable {
    /// The name in printed graphs.
    public let name: String
    /// The value in double precision.
    public let evaluate: @Sendable (Double) -> Double
    /// The C expression of the value; `$x` stands for the argument.
    public let c: String
    /// `dy/dx` in terms of `x` and `y`; nil where the function is piecewise constant.
    public let derivative: Derivative?
    /// True where the function costs a handful of arithmetic instructions, so that computing it twice beats storing it.
    public let isCheap: Bool
}

/// A formula over an elementwise function's argument and value, instantiated as graph nodes.
public indirect enum Derivative: Sendable {
    case x, y
    case constant(Double)
    case unary(UnaryFunction, Derivative)
    case binary(BinaryFunction, Derivative, Derivative)
    /// `select(condition, then, else)`: the `then` formula where `condition` is not zero.
    case select(Derivative, Derivative, Derivative)

    static func * (a: Derivative, b: Derivative) -> Derivative { .binary(.multiply, a, b) }
    static func - (a: Derivative, b: Derivative) -> Derivative { .binary(.subtract, a, b) }
    static func + (a: Derivative, b: Derivative) -> Derivative { .binary(.add, a, b) }
}

extension UnaryFunction {
    /// The function's row: a textbook table of value, C form and derivative.
    ///
    /// Derivatives use `y` where they can, so that `x` need not be kept. At kinks: `relu'(0) = 0`, `|x|'(0) = 0`,
    /// `leakyReLU'(0) = slope`. `squareRoot'(0)` is 0 by selection, which makes the norm of a zero vector
    /// differentiable to any order with finite values.
    public var row: UnaryRow {
        switch self {
        case .negate:
            UnaryRow(name: "negate", evaluate: { -$0 }, c: "-$x", derivative: .constant(-1), isCheap: true)
        case .reciprocal:
            UnaryRow(
                name: "reciprocal", evaluate: { 1 / $0 }, c: "real_reciprocal($x)",
                derivative: .unary(.negate, .unary(.square, .y)), isCheap: true)
        case .square:
            UnaryRow(
                name: "square", evaluate: { $0 * $0 }, c: "real_square($x)", derivative: .constant(2) * .x,
                isCheap: true)
        case .squareRoot:
            UnaryRow(
                name: "squareRoot", evaluate: { $0.squareRoot() }, c: "real_sqrt($x)",
                derivative: .select(
                    .unary(.step, .y),
                    .constant(0.5) * .unary(.reciprocal, .select(.unary(.step, .y), .y, .constant(1))), .constant(0)),
                isCheap: true)
        case .absolute:
            UnaryRow(
                name: "absolute", evaluate: { abs($0) }, c: "real_fabs($x)", derivative: .unary(.sign, .x),
                isCheap: true)
        case .sign:
            UnaryRow(
                name: "sign", evaluate: { $0 > 0 ? 1 : ($0 < 0 ? -1 : 0) }, c: "real_sign($x)", derivative: nil,
                isCheap: true)
        case .exponential:
            UnaryRow(
                name: "exponential", evaluate: { exp($0) }, c: "real_exp($x)", derivative: .y, isCheap: false)
        case .logarithm:
            UnaryRow(
                name: "logarithm", evaluate: { log($0) }, c: "real_log($x)", derivative: .unary(.reciprocal, .x),
                isCheap: false)
        case .sine:
            UnaryRow(
                name: "sine", evaluate: { sin($0) }, c: "real_sin($x)", derivative: .unary(.cosine, .x),
                isCheap: false)
        case .cosine:
            UnaryRow(
                name: "cosine", evaluate: { cos($0) }, c: "real_cos($x)",
                derivative: .unary(.negate, .unary(.sine, .x)), isCheap: false)
        case .tanh:
            UnaryRow(
                name: "tanh", evaluate: { Foundation.tanh($0) }, c: "real_tanh($x)",
                derivative: .constant(1) - .unary(.square, .y), isCheap: false)
        case .sigmoid:
            UnaryRow(
                name: "sigmoid", evaluate: { sigmoidValue($0) }, c: "real_sigmoid($x)",
                derivative: .y * (.constant(1) - .y), isCheap: false)
        case .softplus:
            UnaryRow(
                name: "softplus", evaluate: { max($0, 0) + log1p(exp(-abs($0))) }, c: "real_softplus($x)",
                derivative: .unary(.sigmoid, .x), isCheap: false)
        case .relu:
            UnaryRow(
                name: "relu", evaluate: { max($0, 0) }, c: "real_relu($x)", derivative: .unary(.step, .y),
                isCheap: true)
        case .leakyReLU(let slope):
            UnaryRow(
                name: "leakyReLU(\(slope))", evaluate: { $0 > 0 ? $0 : slope * $0 },
                c: "real_leaky_relu($x, REAL(\(slope)))",
                derivative: .unary(.leakyStep(slope: slope), slope > 0 ? .y : .x), isCheap: true)
        case .elu(let alpha):
            UnaryRow(
                name: "elu(\(alpha))", evaluate: { $0 > 0 ? $0 : alpha * expm1($0) },
                c: "real_elu($x, REAL(\(alpha)))",
                derivative: .select(.unary(.step, .x), .constant(1), .y + .constant(alpha)), isCheap: false)
        case .step:
            UnaryRow(
                name: "step", evaluate: { $0 > 0 ? 1 : 0 }, c: "real_step($x)", derivative: nil, isCheap: true)
        case .leakyStep(let slope):
            UnaryRow(
                name: "leakyStep(\(slope))", evaluate: { $0 > 0 ? 1 : slope },
                c: "real_leaky_step($x, REAL(\(slope)))", derivative: nil, isCheap: true)
        case .power(let exponent):
            UnaryRow(
                name: "power(\(exponent))", evaluate: { pow($0, exponent) }, c: powerExpression(exponent),
                derivative: powerDerivative(exponent), isCheap: false)
        case .floor:
            UnaryRow(
                name: "floor", evaluate: { Foundation.floor($0) }, c: "real_floor($x)", derivative: nil,
                isCheap: true)
        case .round:
            UnaryRow(
                name: "round", evaluate: { $0.rounded(.toNearestOrEven) }, c: "real_rint($x)", derivative: nil,
                isCheap: true)
        }
    }
}

/// `p·x^(p−1)`, without a power where none is left, so that integer powers have finite derivatives of any order at 0.
private func powerDerivative(_ exponent: Double) -> Derivative? {
    switch exponent {
    case 0: nil
    case 1: .constant(1)
    case 2: .constant(2) * .x
    default: .constant(exponent) * .unary(.power(exponent - 1), .x)
    }
}

/// The C form of `x^p`: products for the whole powers that need few.
private func powerExpression(_ exponent: Double) -> String {
    switch exponent {
    case 3: "real_cube($x)"
    case 4: "real_square(real_square($x))"
    case -2: "real_reciprocal(real_square($x))"
    default: "real_pow($x, REAL(\(exponent)))"
    }
}

/// `1 / (1 + e^−x)` without overflow on either side.
func sigmoidValue(_ x: Double) -> Double {
    let small = exp(-abs(x))
    return x >= 0 ? 1 / (1 + small) : small / (1 + small)
}
