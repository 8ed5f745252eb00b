import Graph

/// Computes logarithms of probabilities from what the probabilities are computed from, where they neither underflow nor
/// lose digits, and says so.
///
///     log(sigmoid(x)) → −softplus(−x)        log(1 − sigmoid(x)) → −softplus(x)
///     log(softmax(x)) → logSoftmax(x)        log(e^x / s) → x − log(s)
///
/// May also run before differentiation, so that gradients profit as well: a node that a gradient is taken with respect
/// to is never bypassed.
public let stabilityRewrites = Pass("stability-rewrites") { graph, remarks in
    let variables = graph.nodes.compactMap { $0.op == .gradient ? $0.inputs[1] : nil }
    var isVariable = [Bool](repeating: false, count: graph.nodes.count)
    for variable in variables { isVariable[variable.index] = true }
    var kept: Set<NodeID> = []
    return graph.rewritten { result, node, source in
        var build = Builder(graph: result, origin: node.origin)
        result = Graph()
        defer { result = build.graph }
        let rewritten = build.stableLogarithm(node, keeping: kept)
        if let rewritten {
            remarks.add(Remark(pass: "stability-rewrites", origin: node.origin, message: rewritten.message))
        }
        let id = rewritten?.node ?? build.append(node)
        if isVariable[source.index] { kept.insert(id) }
        return id
    }
}

extension Builder {
    /// The logarithm `node` in its stable form, and what to tell the user.
    ///
    /// - Parameter variables: nodes that the form may not bypass.
    fileprivate mutating func stableLogarithm(
        _ node: Node, keeping variables: Set<NodeID>
    ) -> (node: NodeID, message: String)? {
        guard case .unary(.logarithm) = node.op, !variables.contains(node.inputs[0]) else { return nil }
        let p = node.inputs[0]
        if let x = graph.argument(of: p, .sigmoid) {
            let softplus = unary(.softplus, unary(.negate, x))
            return (unary(.negate, softplus), "log(sigmoid(x)) is computed as −softplus(−x)")
        }
        if let (one, q) = graph.arguments(of: p, .subtract), graph.uniformValue(of: one) == 1,
            !variables.contains(q), let x = graph.argument(of: q, .sigmoid)
        {
            return (unary(.negate, unary(.softplus, x)), "log(1 − sigmoid(x)) is computed as −softplus(x)")
        }
        if case .composite(.softmax(let axis)) = graph[p].op {
            let stable = append(.composite(.logSoftmax(axis: axis)), graph[p].inputs[0])
            return (stable, "log(softmax(x)) is computed as logSoftmax(x)")
        }
        if let (power, total) = graph.arguments(of: p, .divide), !variables.contains(power), !variables.contains(total),
            let x = graph.argument(of: power, .exponential)
        {
            return (binary(.subtract, x, unary(.logarithm, total)), "log(e^x / s) is computed as x − log(s)")
        }
        return nil
    }
}
