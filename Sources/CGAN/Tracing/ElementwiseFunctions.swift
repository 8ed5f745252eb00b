import Graph

// Functions of every element. Each records where it was called.

/// The square of every element.
public func square(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.square), [x], "square", at: sourceLocation(fileID, line, column))
}

/// The square root of every element; its derivative at 0 is taken as 0.
public func sqrt(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.squareRoot), [x], "sqrt", at: sourceLocation(fileID, line, column))
}

/// `e` to the power of every element.
public func exp(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.exponential), [x], "exp", at: sourceLocation(fileID, line, column))
}

/// The natural logarithm of every element.
public func log(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.logarithm), [x], "log", at: sourceLocation(fileID, line, column))
}

/// The absolute value of every element; its derivative at 0 is 0.
public func abs(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.absolute), [x], "abs", at: sourceLocation(fileID, line, column))
}

/// The hyperbolic tangent of every element.
public func tanh(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.tanh), [x], "tanh", at: sourceLocation(fileID, line, column))
}

/// `1 / (1 + e^−x)` of every element.
public func sigmoid(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.sigmoid), [x], "sigmoid", at: sourceLocation(fileID, line, column))
}

/// `log(1 + e^x)` of every element, without overflow.
public func softplus(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.softplus), [x], "softplus", at: sourceLocation(fileID, line, column))
}

/// `max(x, 0)` of every element; its derivative at 0 is 0.
public func relu(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.relu), [x], "relu", at: sourceLocation(fileID, line, column))
}

/// `x` where positive, else `slope · x`, of every element.
public func leakyReLU(
    _ x: Tensor, slope: Double = 0.2, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.leakyReLU(slope: slope)), [x], "leakyReLU", at: sourceLocation(fileID, line, column))
}

/// `x` where positive, else `alpha · (e^x − 1)`, of every element.
public func elu(
    _ x: Tensor, alpha: Double = 1, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.elu(alpha: alpha)), [x], "elu", at: sourceLocation(fileID, line, column))
}

/// Every element to the power `exponent`; the base must then be positive unless the exponent is a whole number.
public func pow(
    _ x: Tensor, _ exponent: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.unary(.power(exponent)), [x], "pow", at: sourceLocation(fileID, line, column))
}

/// Every element limited to `low ... high`.
public func clip(
    _ x: Tensor, _ low: Double, _ high: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    let place = sourceLocation(fileID, line, column)
    guard low <= high else {
        return x.trace.mistake(
            ModelError(
                .sizeOutOfRange, "clip: the lower limit \(low) is above the upper limit \(high)",
                at: x.trace.origin("clip", place).location), guess: x.type)
    }
    return x.trace.emit(.composite(.clip(low: low, high: high)), [x], "clip", at: place)
}

/// The larger of each two elements; extents of 1 and single numbers are stretched.
public func max(
    _ a: Tensor, _ b: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    a.combined(with: b, .maximum, at: sourceLocation(fileID, line, column))
}

/// The larger of each element and `b`.
public func max(
    _ a: Tensor, _ b: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    a.combined(with: a.number(b), .maximum, at: sourceLocation(fileID, line, column))
}

/// The smaller of each two elements; extents of 1 and single numbers are stretched.
public func min(
    _ a: Tensor, _ b: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    a.combined(with: b, .minimum, at: sourceLocation(fileID, line, column))
}

/// The smaller of each element and `b`.
public func min(
    _ a: Tensor, _ b: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    a.combined(with: a.number(b), .minimum, at: sourceLocation(fileID, line, column))
}

/// `α·a + (1 − α)·b`: a point between `a` and `b`, the place where a gradient penalty is taken.
public func mix(
    _ a: Tensor, _ b: Tensor, by alpha: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    let place = sourceLocation(fileID, line, column)
    return a.trace.subscope("mix", at: place) { (alpha * a + (1 - alpha) * b).named("interpolate") }
}
