import CGAN
import Differentiation
import Graph

/// Gradient penalties: over examples that batch normalisation couples (GZ014), without effect (GZ016), of the wrong norm
/// (GZ019); and that they do not act on biases (GZ103).
struct Penalties: Rule {
    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { phase -> [Finding] in
            guard let loss = phase.loss else { return [] }
            let graph = phase.traced
            let cone = graph.cone(of: loss)
            let gradients = graph.ids { $0 == .gradient }
            let watched = graph.reachable()
            return gradients.flatMap { gradient -> [Finding] in
                guard watched[gradient.index] else { return [] }
                guard cone[gradient.index] else { return unused(gradient, in: graph) }
                return coupled(gradient, in: graph) + norms(of: gradient, in: graph, cone)
            } + effects(in: phase, loss)
        }
    }

    // MARK: Reaching the loss

    /// A slope that is only watched is none of ours; a penalty that is computed of it, a squared distance, was meant for
    /// the loss.
    private func unused(_ gradient: NodeID, in graph: Graph) -> [Finding] {
        let users = graph.descendants(of: [gradient])
        let norms = graph.ids.filter { users[$0.index] && graph[$0].op.isNorm }
        let isBeyond = graph.descendants(of: norms)
        let penalties = graph.descendants(
            of: graph.ids.filter { isBeyond[$0.index] && graph[$0].op == .unary(.square) })
        let names = graph.outputs.filter { penalties[$0.node.index] }.map(\.name)
        guard !names.isEmpty else { return [] }
        return [
            Finding(
                .penaltyWithoutEffect,
                "a gradient penalty is computed and watched (\(listed(names))), but the loss does not contain it",
                at: graph[gradient].origin.location,
                evidence: graph.output("loss").map { [.init("the loss is here", at: graph[$0].origin.location)] } ?? [],
                help: "add it to the discriminator's loss: critic + 10 * mean(square(slope - 1))")
        ]
    }

    /// What each summand of the loss that holds a gradient does to the network's parameters.
    private func effects(in phase: PhaseSubject, _ loss: NodeID) -> [Finding] {
        let graph = phase.traced
        let isGradient = graph.descendants(of: graph.ids { $0 == .gradient })
        return graph.summands(of: loss).filter { isGradient[$0.index] }.compactMap { summand in
            var alone = graph
            alone.outputs = [Output("loss", summand)]
            let trained = phase.trained.map { (name: $0.name, shape: $0.shape) }
            guard let zeros = try? alone.appendingGradients(of: "loss", wrt: trained).findings else { return nil }
            let still = phase.trained.filter { parameter in zeros.contains { $0.variable.name == parameter.name } }
            let place = graph[summand].origin.location
            if still.count == phase.trained.count { return withoutEffect(summand, zeros, in: phase) }
            let quiet = still.filter { parameter in
                !phase.zeroParameters.contains { $0.parameter.name == parameter.name }
            }
            guard let first = quiet.first else { return nil }
            return Finding(
                .penaltyPastBiases,
                "the penalty does not move \(listed(quiet.map(\.name))): the slope depends on them only in jumps or not at all",
                at: place, evidence: [.init("\(first.name) is moved by the rest of the loss", at: first.location)],
                help: "harmless: between the kinks of its rectifiers a network's slope is a product of weights")
        }
    }

    private func withoutEffect(_ summand: NodeID, _ zeros: [ZeroFinding], in phase: PhaseSubject) -> Finding {
        let graph = phase.traced
        let edges = zeros.flatMap { zero -> [CutEdge] in
            if case .cut(let edges) = zero.reason { edges } else { [] }
        }
        let stop = edges.last { $0.reason == .stopGradient || $0.reason == .zeroFactor } ?? edges.last
        let isWeight = stop?.reason == .zeroFactor
        return Finding(
            .penaltyWithoutEffect,
            isWeight
                ? "the penalty has the weight 0: it moves none of the \(phase.network)'s parameters"
                : "the penalty moves none of the \(phase.network)'s \(phase.trained.count) parameters: its gradient is zero",
            severity: isWeight ? .warning : .error,
            at: stop?.userOrigin.location ?? graph[summand].origin.location,
            evidence: stop.map { [.init("at \($0.userOrigin.name), \($0.reason)", at: $0.userOrigin.location)] } ?? [],
            help: isWeight
                ? "give it a weight, or leave it out and save its time"
                : "let the gradient pass: the slope is to be differentiated once more",
            edit: stop?.reason == .stopGradient ? Edit(at: stop?.userOrigin.location, .unwrap("stopGradient")) : nil)
    }

    // MARK: One slope for each example

    private func coupled(_ gradient: NodeID, in graph: Graph) -> [Finding] {
        let (value, variable) = (graph[gradient].inputs[0], graph[gradient].inputs[1])
        let (cone, below) = (graph.cone(of: value), graph.descendants(of: [variable]))
        let coupling = graph.ids.first { id in
            guard cone[id.index], below[id.index], case .composite(.normalize(let axes, _)) = graph[id].op else {
                return false
            }
            return axes.contains(0) && graph[id].shape[0] > 1
        }
        guard let coupling else { return [] }
        return [
            Finding(
                .coupledPenalty,
                "a penalty is taken for each example, but \(graph[coupling].origin.name) lets examples change each other",
                at: graph[gradient].origin.location,
                evidence: [.init("it normalises over the batch here", at: graph[coupling].origin.location)],
                help: "use LayerNorm() in the discriminator",
                edit: Edit(at: graph[coupling].origin.location, .replace("BatchNorm(", with: "LayerNorm(")))
        ]
    }

    /// Norms of the gradient that are not over all of an example's axes and no other.
    private func norms(of gradient: NodeID, in graph: Graph, _ cone: [Bool]) -> [Finding] {
        let batch = graph[gradient].shape.rank > 0 ? graph[gradient].shape[0] : 1
        var isSlope = [Bool](repeating: false, count: graph.nodes.count)
        isSlope[gradient.index] = true
        var findings: [Finding] = []
        for id in graph.ids where id > gradient && cone[id.index] {
            let node = graph[id]
            guard let input = node.inputs.first, isSlope[input.index] else { continue }
            switch node.op {
            case .reshape, .unary(.square), .stopGradient, .binary(.multiply), .reduceSum, .composite(.mean),
                .binary(.add):
                isSlope[id.index] = true
            case .unary(.squareRoot), .composite(.norm):
                guard node.shape.count != batch || node.shape.dimensions.first != batch else { continue }
                findings.append(
                    Finding(
                        .slopeOfOneAxis,
                        node.shape.count < batch
                            ? "the penalty takes one norm \(node.shape) for the whole batch of \(batch)"
                            : "the penalty takes \(node.shape.count / batch) norms \(node.shape) for each example, not one",
                        at: node.origin.location,
                        evidence: [
                            .init("the gradient is \(graph[gradient].shape)", at: graph[gradient].origin.location)
                        ], help: "write norm(slopes, per: .example): over every axis but the batch's"))
            default: continue
            }
        }
        return findings
    }
}

extension Op {
    /// True of a square root, or of a norm.
    fileprivate var isNorm: Bool {
        switch self {
        case .unary(.squareRoot), .composite(.norm): true
        default: false
        }
    }
}

extension Graph {
    /// What is added up to give `id`, each once, in the order of the graph.
    func summands(of id: NodeID) -> [NodeID] {
        var isSum = [Bool](repeating: false, count: nodes.count)
        isSum[id.index] = true
        var summands: [NodeID] = []
        for index in stride(from: id.index, through: 0, by: -1) where isSum[index] {
            switch nodes[index].op {
            case .binary(.add), .binary(.subtract), .unary(.negate):
                for input in nodes[index].inputs { isSum[input.index] = true }
            default: summands.append(NodeID(index))
            }
        }
        return summands.reversed()
    }
}
