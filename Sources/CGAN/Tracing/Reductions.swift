import Graph

/// What a reduction keeps apart.
public enum Per: Sendable {
    /// One value for each example: every axis but the first is reduced, and `[B, …]` gives `[B]`.
    case example
}

/// The arithmetic mean of all elements: a single number.
public func mean(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(
        .composite(.mean(axes: Array(0..<x.rank))), [x], "mean", at: sourceLocation(fileID, line, column),
        guess: TensorType(.scalar))
}

/// The arithmetic mean of each example's elements: `[B, …]` gives `[B]`.
public func mean(
    _ x: Tensor, per: Per, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.reduced("mean", at: sourceLocation(fileID, line, column)) { .composite(.mean(axes: $0)) }
}

/// The mean over the axes `axes`, which are removed.
public func mean(
    _ x: Tensor, over axes: [Int], fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.composite(.mean(axes: axes.sorted())), [x], "mean", at: sourceLocation(fileID, line, column))
}

/// The sum of all elements: a single number.
public func sum(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(
        .reduceSum(axes: Array(0..<x.rank)), [x], "sum", at: sourceLocation(fileID, line, column),
        guess: TensorType(.scalar))
}

/// The sum of each example's elements: `[B, …]` gives `[B]`.
public func sum(
    _ x: Tensor, per: Per, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.reduced("sum", at: sourceLocation(fileID, line, column)) { .reduceSum(axes: $0) }
}

/// The sum over the axes `axes`, which are removed.
public func sum(
    _ x: Tensor, over axes: [Int], fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.reduceSum(axes: axes.sorted()), [x], "sum", at: sourceLocation(fileID, line, column))
}

/// The largest value over the axes `axes`, which are removed.
public func max(
    _ x: Tensor, over axes: [Int], fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.reduceMax(axes: axes.sorted()), [x], "max", at: sourceLocation(fileID, line, column))
}

/// The Euclidean norm `√(Σ x² + ε)` of each example, over all its axes: `[B, …]` gives `[B]`.
///
/// - Parameter epsilon: added below the root, so that the second derivative is bounded where `x` is nearly 0.
public func norm(
    _ x: Tensor, per: Per, epsilon: Double = 1e-12, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
) -> Tensor {
    let place = sourceLocation(fileID, line, column)
    guard epsilon >= 0, epsilon.isFinite else {
        return x.trace.mistake(
            ModelError(
                .sizeOutOfRange, "norm: epsilon \(epsilon) is not a number of at least 0",
                at: x.trace.origin("norm", place).location), guess: TensorType([x.shape.first ?? 1]))
    }
    return x.reduced("norm", at: place) { .composite(.norm(axes: $0, epsilon: epsilon)) }
}

/// `e^x / Σ e^x` along the last axis.
public func softmax(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.composite(.softmax(axis: x.rank - 1)), [x], "softmax", at: sourceLocation(fileID, line, column))
}

/// `x − log Σ e^x` along the last axis.
public func logSoftmax(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(
        .composite(.logSoftmax(axis: x.rank - 1)), [x], "logSoftmax", at: sourceLocation(fileID, line, column))
}

/// The position of the largest element along the last axis, which is removed; indices, without a gradient.
public func argmax(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.argmax(axis: x.rank - 1), [x], "argmax", at: sourceLocation(fileID, line, column))
}

extension Tensor {
    /// A reduction of every axis but the first.
    fileprivate func reduced(_ function: String, at location: SourceLocation, _ op: ([Int]) -> Op) -> Tensor {
        guard rank > 0 else {
            return trace.mistake(
                ModelError(
                    .operandShapes, "\(function)(per: .example) of a single number, which has no examples",
                    at: trace.origin(function, location).location, notes: [trace.note(on: self)],
                    help: "take it before mean or sum, where the first axis still counts the examples"),
                guess: TensorType([1]))
        }
        if rank == 1, function != "norm" { return self }
        return trace.emit(op(Array(1..<rank)), [self], function, at: location, guess: TensorType([shape[0]]))
    }
}
