import Graph

/// A sigmoid or a softmax followed by a logarithm (GZ010).
///
/// Behind a clip or an added ε, the logarithm is flat where the probability is near 0 or 1: the gradient is exactly zero
/// beyond a logit that can be told. Without one, the compiler computes it from the logits, and only says so.
struct SquashedLogarithms: Rule {
    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { phase in
            let cone = phase.loss.map { phase.traced.cone(of: $0) } ?? []
            return phase.traced.ids.filter { cone[$0.index] }.compactMap { finding(at: $0, in: phase.traced) }
        }
    }

    private func finding(at id: NodeID, in graph: Graph) -> Finding? {
        let node = graph[id]
        switch node.op {
        case .composite(.binaryCrossEntropy(let margin)):
            guard let squash = squash(behind: node.inputs[0], in: graph) else { return nil }
            var cut = squash
            (cut.margin, cut.isCutOff) = (max(margin, squash.margin ?? 0), true)
            return clipped(node, cut, graph)
        case .unary(.logarithm):
            guard let squash = squash(behind: node.inputs[0], in: graph) else { return nil }
            if squash.margin != nil { return clipped(node, squash, graph) }
            return Finding(
                .squashedLogarithm,
                "the logarithm of a \(squash.name) is computed from its argument, where it neither underflows nor is flat",
                severity: .note, at: graph[squash.node].origin.location,
                evidence: [.init("the logarithm is \(node.origin.name)", at: node.origin.location)],
                help: "to have it in the file too, write crossEntropy(logits: scores, targets: 1)")
        default:
            return nil
        }
    }

    /// A function that maps all numbers into 0 ... 1, found behind a logarithm.
    private struct Squash {
        var node: NodeID
        var name: String
        /// The smallest distance to 0 and 1 that what stands between keeps; nil if nothing does.
        var margin: Double?
        /// True if it is kept by cutting off, which has no gradient beyond, and not by adding.
        var isCutOff = false
    }

    /// The squashing function whose result, clipped, shifted or complemented, is the logarithm's argument.
    private func squash(behind id: NodeID, in graph: Graph) -> Squash? {
        let node = graph[id]
        func behind(_ slot: Int, keeping margin: Double? = nil, byCutting: Bool = false) -> Squash? {
            guard var found = squash(behind: node.inputs[slot], in: graph) else { return nil }
            guard let margin, margin > 0 else { return found }
            found.margin = max(found.margin ?? 0, margin)
            found.isCutOff = found.isCutOff || byCutting
            return found
        }
        func number(_ slot: Int) -> Double? { graph.uniformValue(of: node.inputs[slot]) }
        switch node.op {
        case .unary(.sigmoid): return Squash(node: id, name: "sigmoid")
        case .composite(.softmax): return Squash(node: id, name: "softmax")
        case .composite(.clip(let low, let high)): return behind(0, keeping: max(low, 1 - high), byCutting: true)
        case .reshape, .transpose, .broadcast, .slice: return behind(0)
        case .binary(let function):
            guard let value = number(1) ?? number(0) else { return nil }
            let slot = number(1) == nil ? 1 : 0
            switch function {
            case .add: return behind(slot, keeping: value)
            case .subtract: return behind(slot, keeping: slot == 0 ? -value : value - 1)
            case .maximum: return behind(slot, keeping: value, byCutting: true)
            case .minimum: return behind(slot, keeping: 1 - value, byCutting: true)
            case .multiply: return behind(slot)
            default: return nil
            }
        default: return nil
        }
    }

    private func clipped(_ node: Node, _ squash: Squash, _ graph: Graph) -> Finding {
        let margin = squash.margin ?? 0
        let logit = -(margin / (1 - margin)).logarithm
        return Finding(
            .squashedLogarithm,
            squash.isCutOff
                ? "a \(squash.name) is followed by a logarithm that is cut off within \(margin) of 0 and 1: beyond a logit "
                    + "of ±\(logit.rounded(to: 2)) the gradient is exactly zero"
                : "a \(squash.name) is followed by a logarithm with \(margin) added: below a logit of "
                    + "-\(logit.rounded(to: 2)) the gradient fades as e^logit",
            at: node.origin.location, evidence: [evidence(squash, graph)],
            help: "give the loss the logits: remove Sigmoid(), and use .nonSaturating() or "
                + "crossEntropy(logits: scores, targets: 1)")
    }

    private func evidence(_ squash: Squash, _ graph: Graph) -> Finding.Evidence {
        let origin = graph[squash.node].origin
        return .init("the \(squash.name) is \(origin.name)", at: origin.location)
    }
}
