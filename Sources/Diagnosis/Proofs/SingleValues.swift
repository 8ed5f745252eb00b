import CGAN
import Graph

/// A softmax over a single unit (GZ007), and a normalisation over one value or two (GZ008).
struct SingleValues: Rule {
    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { phase -> [Finding] in
            guard let loss = phase.loss else { return [] }
            let cone = phase.traced.cone(of: loss)
            return phase.traced.ids.filter { cone[$0.index] }.compactMap { finding(at: $0, in: phase) }
        }
    }

    private func finding(at id: NodeID, in phase: PhaseSubject) -> Finding? {
        let graph = phase.traced
        let node = graph[id]
        switch node.op {
        case .composite(.softmax(let axis)), .composite(.logSoftmax(let axis)):
            guard node.shape[axis] == 1 else { return nil }
            return Finding(
                .softmaxOverOne,
                "\(node.op.name) over one unit \(node.shape) is \(node.op.name == "softmax" ? 1 : 0) whatever "
                    + "the unit is: its gradient is zero", at: node.origin.location,
                evidence: operand(of: node, in: graph),
                help: "for a probability of two outcomes, use sigmoid(x); for a loss, "
                    + "crossEntropy(logits: x, targets: …)", parameters: phase.cancellingParameters.map(\.name))
        case .composite(.normalize(let axes, _)):
            let count = axes.reduce(1) { $0 * node.shape[$1] }
            guard count <= 2 else { return nil }
            return Finding(
                .normalisedSingleValue,
                count == 1
                    ? "\(node.origin.name) normalises over a single value \(node.shape): the result is 0 and so is the gradient"
                    : "\(node.origin.name) normalises over two values \(node.shape): the results are +1 and -1 whatever they "
                        + "are, and the gradient is all but zero",
                severity: count == 1 ? .error : .warning, at: node.origin.location,
                evidence: operand(of: node, in: graph),
                help: "normalise over more values, or remove the layer",
                edit: count == 1 ? Edit(at: node.origin.location, .remove("LayerNorm")) : nil,
                parameters: phase.cancellingParameters.map(\.name))
        default: return nil
        }
    }

    private func operand(of node: Node, in graph: Graph) -> [Finding.Evidence] {
        let origin = graph[node.inputs[0]].origin
        return [.init("its operand \(graph[node.inputs[0]].shape) is made by \(origin.name)", at: origin.location)]
    }
}
