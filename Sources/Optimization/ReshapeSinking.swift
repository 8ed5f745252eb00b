import Graph

/// Moves reshapes behind elementwise functions, so that a chain of them has one shape throughout.
///
///     tanh(reshape(x)) → reshape(tanh(x))
///     reshape(x) + reshape(y) → reshape(x + y)             x and y of one shape
///     reshape(x) + broadcast(y) → reshape(x + broadcast(y))  where the broadcast can be written in x's shape
public let reshapeSinking = Pass(
    "reshape-sinking",
    rule: { build, node in
        guard node.op.isElementwise else { return nil }
        var source: Shape?
        for input in node.inputs {
            guard case .reshape = build.graph[input].op, build.graph.uniformValue(of: input) == nil else { continue }
            let shape = build.graph[build.graph[input].inputs[0]].shape
            guard source == nil || source == shape else { return nil }
            source = shape
        }
        guard let source else { return nil }
        var operands: [NodeID] = []
        for input in node.inputs {
            if case .reshape = build.graph[input].op, build.graph.uniformValue(of: input) == nil {
                operands.append(build.graph[input].inputs[0])
            } else if let broadcast = build.reshapedBroadcast(input, to: source) {
                operands.append(broadcast)
            } else {
                return nil
            }
        }
        return build.reshape(build.graph.append(node.op, operands, origin: build.origin), node.shape)
    })
