import Graph

/// Computes on the small operand what is computed on its broadcast.
///
///     exponential(broadcast(x)) → broadcast(exponential(x))
///     broadcast(x) + broadcast(y) → broadcast(x + y)       the same axes, or one operand's among the other's
///     broadcast(x) · k → broadcast(x · k)
///     x / broadcast(y) → x · broadcast(1/y)                one division for each element of y
///     (x · broadcast(y)) · k → x · broadcast(y · k)        k a number or a broadcast
public let scalarHoisting = Pass(
    "scalar-hoisting",
    rule: { build, node in
        guard node.op.isElementwise else { return nil }
        let stretched = node.inputs.map { build.graph.stretched($0) }
        let isUniform = node.inputs.map { build.graph.uniformValue(of: $0) != nil }
        if case .binary(.divide) = node.op, stretched[0] == nil, !isUniform[0], let (operand, axes) = stretched[1] {
            let inverse = build.unary(.reciprocal, operand)
            return build.multiply(node.inputs[0], build.append(.broadcast(node.shape, axes: axes), inverse))
        }
        if case .binary(.multiply) = node.op, let product = build.mergeFactors(node) { return product }
        guard zip(stretched, isUniform).allSatisfy({ $0 != nil || $1 }),
            let widest = stretched.compactMap({ $0 }).max(by: { $0.axes.count < $1.axes.count })
        else { return nil }
        let shape = build.graph[widest.operand].shape
        var operands: [NodeID] = []
        for (slot, input) in node.inputs.enumerated() {
            guard let (operand, axes) = stretched[slot] else {
                operands.append(build.full(build.graph.uniformValue(of: input)!, shape))
                continue
            }
            let places = axes.compactMap { widest.axes.firstIndex(of: $0) }
            guard places.count == axes.count, shape.dimensions.allSatisfy({ $0 > 1 }) else { return nil }
            operands.append(build.graph.broadcast(operand, to: shape, axes: places, origin: build.origin))
        }
        let small = build.graph.append(node.op, operands, origin: build.origin)
        return build.append(.broadcast(node.shape, axes: widest.axes), small)
    })

extension Builder {
    /// The product of `x · broadcast(y)` and a number or a broadcast, with the two small factors multiplied first.
    fileprivate mutating func mergeFactors(_ node: Node) -> NodeID? {
        for (outer, factor) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
            guard let (a, b) = graph.arguments(of: outer, .multiply), isSmall(factor), !isSmall(outer) else { continue }
            for (x, small) in [(a, b), (b, a)] where graph.stretched(small) != nil && !isSmall(x) {
                guard graph.uniformValue(of: factor) != nil || axes(of: factor) == axes(of: small) else { continue }
                return multiply(x, multiply(small, factor))
            }
        }
        return nil
    }

    /// True for a broadcast or one number everywhere.
    private func isSmall(_ id: NodeID) -> Bool { graph.stretched(id) != nil || graph.uniformValue(of: id) != nil }

    private func axes(of id: NodeID) -> [Int]? { graph.stretched(id)?.axes }
}
