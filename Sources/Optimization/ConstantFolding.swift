import Graph

/// Computes what is the same number everywhere.
///
///     %0 = constant<2.0> []
///     %1 = broadcast<axes []>(%0) [3]      →   %0 = constant<4.0> []
///     %2 = square(%1) [3]                      %1 = broadcast<axes []>(%0) [3]
///
/// Results that are not finite stay as they are written: the fault is the user's to see.
public let constantFolding = Pass(
    "constant-folding",
    rule: { build, node in
        guard !node.inputs.isEmpty else { return nil }
        if case .select = node.op, let condition = build.graph.uniformValue(of: node.inputs[0]) {
            return node.inputs[condition != 0 ? 1 : 2]
        }
        let numbers = node.inputs.map { build.graph.uniformValue(of: $0) }
        guard let value = foldedValue(node, numbers, build.graph), value.isFinite else { return nil }
        return build.full(value, node.shape)
    })

/// The number that `node` is everywhere; nil if it is not known to be one.
///
/// - Parameter numbers: what the operands are everywhere, where they are one number.
private func foldedValue(_ node: Node, _ numbers: [Double?], _ graph: Graph) -> Double? {
    guard let x = numbers[0] else { return nil }
    switch node.op {
    case .unary(let function):
        return function.row.evaluate(x)
    case .binary(let function):
        return numbers[1].map { function.row.evaluate(x, $0) }
    case .reshape, .transpose, .broadcast, .slice, .reduceMax, .gatherRows, .gatherIndex, .averagePool, .stopGradient:
        return x
    case .concatenate:
        return numbers.allSatisfy { $0 == x } ? x : nil
    case .reduceSum:
        return x * Double(graph[node.inputs[0]].shape.count / node.shape.count)
    case .pad(let before, let after):
        return x == 0 || (before + after).allSatisfy { $0 == 0 } ? x : nil
    case .constant, .parameter, .input, .random, .select, .matmul, .convolution, .convolutionInputGradient,
        .convolutionWeightGradient, .scatterAddRows, .oneHot, .argmax, .maxPoolIndex, .scatterIndex,
        .averagePoolGradient, .gradient, .composite:
        return nil
    }
}
