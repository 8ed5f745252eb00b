import Graph

/// The same elements, row by row, in the shape `extents`, of which one may be −1: it is then what the others leave.
public func reshape(
    _ x: Tensor, to extents: [Int], fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    var shape = Shape(extents)
    if let free = extents.firstIndex(of: -1), extents.filter({ $0 == -1 }).count == 1 {
        let known = extents.reduce(1) { $1 == -1 ? $0 : $0.multipliedReportingOverflow(by: $1).partialValue }
        if known > 0, x.type.shape.count % known == 0 { shape[free] = x.type.shape.count / known }
    }
    if shape == x.type.shape { return x }
    return x.trace.emit(
        .reshape(shape), [x], "reshape", at: sourceLocation(fileID, line, column),
        guess: TensorType(shape.dimensions.allSatisfy { $0 > 0 } ? shape : x.type.shape, x.type.element))
}

/// One vector for each example: `[B, …]` gives `[B, n]`.
public func flatten(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    guard x.rank > 2 else { return x }
    return reshape(
        x, to: [x.shape[0], x.shape.dropFirst().reduce(1, *)], fileID: fileID, line: line, column: column)
}

/// The tensors side by side along `axis`; a negative axis counts from the last, which is −1.
public func concatenate(
    _ first: Tensor, _ others: Tensor..., axis: Int = -1, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
) -> Tensor {
    first.trace.emit(
        .concatenate(axis: axis < 0 ? axis + first.rank : axis), [first] + others, "concatenate",
        at: sourceLocation(fileID, line, column))
}

/// A 1 at each label's place and 0 elsewhere: labels `[B]` give `[B, classes]`.
public func oneHot(
    _ labels: Tensor, classes: Int, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    labels.trace.emit(
        .oneHot(classes: classes), [labels], "oneHot", at: sourceLocation(fileID, line, column),
        guess: TensorType([labels.shape.first ?? 1, max(classes, 1)]))
}

/// The same value, through which no gradient flows.
public func stopGradient(
    _ x: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    x.trace.emit(.stopGradient, [x], "stopGradient", at: sourceLocation(fileID, line, column))
}

/// The gradient of the sum of `value` with respect to `variable`, of the shape of `variable`.
///
/// An expression like any other: it may stand in a loss and be differentiated again. For the outputs `[B, 1]` of a
/// network that treats examples apart, it holds each example's own gradient, since the sum's other terms do not depend
/// on that example.
public func gradient(
    of value: Tensor, wrt variable: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    let place = sourceLocation(fileID, line, column)
    let trace = value.trace
    if let target = value.node, let source = variable.node, variable.trace === trace,
        !trace.graph.depends(target, on: source)
    {
        return trace.mistake(
            ModelError(
                .gradientIsZero, "the gradient is zero everywhere: the value does not depend on the variable",
                at: trace.origin("gradient", place).location,
                notes: [trace.note(on: value), trace.note(on: variable)],
                help: "pass as wrt: the very tensor that was passed to the network"), guess: variable.type)
    }
    return trace.emit(.gradient, [value, variable], "gradient", at: place, guess: variable.type)
}

extension Graph {
    /// True where `source` is among the nodes that `target` is computed from.
    ///
    /// - Complexity: linear in the number of nodes.
    func depends(_ target: NodeID, on source: NodeID) -> Bool {
        guard source <= target else { return false }
        var reached = [Bool](repeating: false, count: target.index + 1)
        reached[target.index] = true
        for index in stride(from: target.index, through: source.index, by: -1) where reached[index] {
            if index == source.index { return true }
            for input in nodes[index].inputs { reached[input.index] = true }
        }
        return false
    }
}
