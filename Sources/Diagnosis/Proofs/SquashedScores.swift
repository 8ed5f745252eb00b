import Graph

/// A discriminator that ends in a sigmoid, a tanh or a rectifier, under a loss that takes plain numbers (GZ011).
struct SquashedScores: Rule {
    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { phase -> [Finding] in
            guard let loss = phase.loss else { return [] }
            let graph = phase.traced
            let cone = graph.cone(of: loss)
            return graph.scores().filter { cone[$0.index] }.compactMap { finding(at: $0, graph, cone, loss) }
        }
    }

    private func finding(at score: NodeID, _ graph: Graph, _ cone: [Bool], _ loss: NodeID) -> Finding? {
        let end = graph.unwrapped(score)
        guard graph.belongs(end, to: "discriminator"), let squash = squash(graph[end]),
            let reader = reader(of: score, in: graph, cone, loss)
        else { return nil }
        return Finding(
            .squashedScore,
            "the discriminator ends in \(squash.name), which \(squash.effect), but the loss takes plain numbers",
            severity: squash.isProbability ? .error : .warning, at: graph[end].origin.location,
            evidence: [
                .init(
                    graph[reader].op.isScoreReader
                        ? "the loss reads it as a plain number by \(graph[reader].op.name)"
                        : "the loss reads it as it is", at: graph[reader].origin.location)
            ],
            help: "end the discriminator with Dense(1), without an activation after it",
            edit: squash.layer.flatMap { Edit(at: graph[end].origin.location, .remove($0)) })
    }

    /// A function that keeps a score within bounds.
    private struct Squash {
        var name, effect: String
        /// True if it gives probabilities, which no loss of plain numbers is meant for.
        var isProbability: Bool
        /// The layer that is written for it.
        var layer: String?

        init(_ name: String, _ effect: String, _ isProbability: Bool, _ layer: String?) {
            (self.name, self.effect, self.isProbability, self.layer) = (name, effect, isProbability, layer)
        }
    }

    private func squash(_ node: Node) -> Squash? {
        switch node.op {
        case .unary(.sigmoid): Squash("a sigmoid", "multiplies every gradient by at most 1/4", true, "Sigmoid")
        case .composite(.softmax(let axis)) where node.shape[axis] > 1:
            Squash("a softmax", "multiplies every gradient by at most 1/4", true, nil)
        case .unary(.tanh): Squash("a tanh", "fades the gradient of every sure score", false, "Tanh")
        case .unary(.relu): Squash("a rectifier", "has no gradient for scores below 0", false, "ReLU")
        case .composite(.clip): Squash("a clip", "has no gradient beyond its limits", false, nil)
        default: nil
        }
    }

    /// The first function that is not linear through which the loss reads `score`, if it is one that takes plain numbers;
    /// the loss itself if it only adds and averages; nil if what it reads may be a probability.
    private func reader(of score: NodeID, in graph: Graph, _ cone: [Bool], _ loss: NodeID) -> NodeID? {
        var linear = [Bool](repeating: false, count: graph.nodes.count)
        linear[score.index] = true
        for id in graph.ids where id > score && cone[id.index] {
            let node = graph[id]
            let carrying = node.inputs.indices.filter { linear[node.inputs[$0].index] }
            guard let slot = carrying.first else { continue }
            if node.op.isScoreReader, slot == 0 { return id }
            linear[id.index] = isLinear(node, slot, in: graph)
        }
        return linear[loss.index] ? loss : nil
    }

    private func isLinear(_ node: Node, _ slot: Int, in graph: Graph) -> Bool {
        switch node.op {
        case .binary(.add), .binary(.subtract), .unary(.negate), .reshape, .transpose, .broadcast, .slice, .concatenate,
            .reduceSum, .composite(.mean), .stopGradient:
            true
        case .binary(.multiply): graph.uniformValue(of: node.inputs[1 - slot]) != nil
        case .binary(.divide): slot == 0
        default: false
        }
    }
}

extension Op {
    /// True of functions that losses apply to logits or margins.
    fileprivate var isScoreReader: Bool {
        switch self {
        case .unary(.softplus), .unary(.sigmoid), .unary(.relu), .composite(.logitCrossEntropy), .binary(.maximum): true
        default: false
        }
    }
}
