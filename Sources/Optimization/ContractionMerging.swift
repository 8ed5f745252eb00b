import Graph

/// Contracts a sum once instead of adding contractions, where they share an operand and nothing else uses them.
///
///     matmul(a, w) + matmul(b, w) → matmul(a + b, w)      and with −, and for the convolution triple
///
/// A sum that cancels is cancelled before the product rather than after it, so no digits are lost.
public let contractionMerging = Pass("contraction-merging") { graph, _ in
    let users = graph.users()
    func isUsedOnce(_ id: NodeID) -> Bool {
        users[id.index].count == 1 && !graph.outputs.contains { $0.node == id }
    }
    return graph.rebuilt { build, node, source in
        guard case .binary(let function) = node.op, function == .add || function == .subtract,
            graph[source].inputs.allSatisfy(isUsedOnce), node.inputs[0] != node.inputs[1]
        else { return nil }
        let (first, second) = (build.graph[node.inputs[0]], build.graph[node.inputs[1]])
        guard first.op.isContraction, first.op == second.op,
            let shared = (0..<2).first(where: { first.inputs[$0] == second.inputs[$0] })
        else { return nil }
        let other = 1 - shared
        // The operands that differ may still differ in shape: a convolution's input gradient fixes its result only.
        guard build.graph[first.inputs[other]].shape == build.graph[second.inputs[other]].shape else { return nil }
        var inputs = first.inputs
        inputs[other] = build.binary(function, first.inputs[other], second.inputs[other])
        return build.graph.append(first.op, inputs, origin: node.origin)
    }
}
