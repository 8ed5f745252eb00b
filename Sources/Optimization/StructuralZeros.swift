import Graph

/// Folds what is 0 because the graph multiplies by the number 0, and says so.
///
///     %1 = constant<0.0> []
///     %2 = broadcast<axes []>(%1) [8, 4]        →   %1 = constant<0.0> []
///     %3 = multiply(%0, %2) [8, 4]                  %2 = broadcast<axes []>(%1) [8, 4]
///
/// Only the number 0 written in the graph counts; a tensor that merely happens to be zero is never guessed to be.
public let structuralZeros = Pass("structural-zeros") { graph, remarks in
    graph.rebuilt { build, node in
        guard let slot = zeroSlot(node, build.graph) else { return nil }
        for (other, input) in node.inputs.enumerated() where other != slot {
            let origin = build.graph[input].origin
            remarks.add(
                Remark(
                    pass: "structural-zeros", origin: node.origin,
                    message: "\(node.op.name) of \(origin.name) and the number 0 is 0"))
        }
        return build.full(0, node.shape)
    }
}

/// Which operand of `node` is the number 0 and makes the result 0, if one does.
private func zeroSlot(_ node: Node, _ graph: Graph) -> Int? {
    let candidates: Range<Int> =
        switch node.op {
        case .binary(.multiply), .matmul, .convolution, .convolutionInputGradient, .convolutionWeightGradient: 0..<2
        case .binary(.divide), .scatterAddRows, .scatterIndex, .averagePoolGradient: 0..<1
        default: 0..<0
        }
    return candidates.first { graph.uniformValue(of: node.inputs[$0]) == 0 }
}
