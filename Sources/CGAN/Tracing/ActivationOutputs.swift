import Graph

extension Trace {
    /// An output `activation:<layer>` for each activation that `result` depends on and is not itself.
    func activationOutputs(but result: NodeID) -> [Output] {
        var base = result
        while case .reshape = graph[base].op { base = graph[base].inputs[0] }
        var isNeeded = [Bool](repeating: false, count: graph.nodes.count)
        isNeeded[base.index] = true
        for id in graph.ids.reversed() where isNeeded[id.index] {
            for input in graph[id].inputs { isNeeded[input.index] = true }
        }
        return activations.filter { isNeeded[$0.node.index] && $0.node != base }
            .map { Output("activation:\($0.layer)", $0.node) }
    }
}

extension UnaryFunction {
    /// True for the functions that networks have between their layers.
    var isActivation: Bool {
        switch self {
        case .relu, .leakyReLU, .elu, .tanh, .sigmoid, .softplus: true
        case .negate, .reciprocal, .square, .squareRoot, .absolute, .sign, .exponential, .logarithm, .sine, .cosine,
            .step, .leakyStep, .power, .floor, .round:
            false
        }
    }
}
