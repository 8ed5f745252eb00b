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
        return build.hoisted(node.op, node.inputs) ?? build.invertDivisor(node) ?? build.mergeFactors(node)
    })

extension Builder {
    /// The elementwise `op` of broadcasts and numbers as a broadcast of `op`; nil if they cannot be brought to one shape
    /// smaller than the result's.
    fileprivate mutating func hoisted(_ op: Op, _ inputs: [NodeID]) -> NodeID? {
        let stretched = inputs.map { graph.stretched($0) }
        guard let widest = stretched.compactMap({ $0 }).max(by: { $0.axes.count < $1.axes.count }) else { return nil }
        let shape = graph[widest.operand].shape
        guard shape.dimensions.allSatisfy({ $0 > 1 }) else { return nil }
        var operands: [NodeID] = []
        for (input, broadcast) in zip(inputs, stretched) {
            if let (operand, axes) = broadcast {
                let places = axes.compactMap { widest.axes.firstIndex(of: $0) }
                guard places.count == axes.count else { return nil }
                operands.append(graph.broadcast(operand, to: shape, axes: places, origin: origin))
            } else if let value = graph.uniformValue(of: input) {
                operands.append(full(value, shape))
            } else {
                return nil
            }
        }
        let small = graph.append(op, operands, origin: origin)
        return append(.broadcast(graph[inputs[0]].shape, axes: widest.axes), small)
    }

    /// The quotient by a broadcast as a product with the broadcast of its reciprocal.
    fileprivate mutating func invertDivisor(_ node: Node) -> NodeID? {
        guard case .binary(.divide) = node.op, let (operand, axes) = graph.stretched(node.inputs[1]) else { return nil }
        let inverse = unary(.reciprocal, operand)
        return multiply(node.inputs[0], append(.broadcast(node.shape, axes: axes), inverse))
    }

    /// The product of `x · broadcast(y)` and a number or a broadcast, with the two small factors multiplied first.
    fileprivate mutating func mergeFactors(_ node: Node) -> NodeID? {
        guard case .binary(.multiply) = node.op else { return nil }
        for (outer, factor) in [(node.inputs[0], node.inputs[1]), (node.inputs[1], node.inputs[0])] {
            guard let (a, b) = graph.arguments(of: outer, .multiply), isSmall(factor) else { continue }
            for (x, small) in [(a, b), (b, a)] where graph.stretched(small) != nil && !isSmall(x) {
                if let product = hoisted(.binary(.multiply), [small, factor]) { return multiply(x, product) }
            }
        }
        return nil
    }

    /// True for a broadcast or one number everywhere.
    private func isSmall(_ id: NodeID) -> Bool { graph.stretched(id) != nil || graph.uniformValue(of: id) != nil }
}
