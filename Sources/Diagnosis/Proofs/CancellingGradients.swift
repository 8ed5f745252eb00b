import CGAN
import Graph

/// Parameters that the loss does not depend on although paths lead to them: their gradient cancels.
///
/// Where a mean removes what a normalisation left (GZ006) or terms cancel (GZ018), that is a fault; a bias before a
/// normalisation (GZ101) and a shift that all scores share (GZ102) do no harm.
struct CancellingGradients: Rule {
    /// True to leave parameters that meet nothing but the label to ``Labels``, which knows more of them.
    var leavesLabels = false

    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { phase -> [Finding] in
            guard let loss = phase.loss else { return [] }
            let left = leavesLabels && !phase.isWithoutGradient ? phase.cancellingBesideLabels : []
            let cancelling = phase.cancellingParameters.filter {
                !subject.isExplained($0.name) && !left.contains($0.name)
            }
            let groups = merged(groups(of: cancelling, in: phase, loss), phase.traced)
            // Where nothing of a network is left, one cause stands for all: that of most parameters.
            if phase.isWithoutGradient, let main = groups.max(by: { $0.parameters.count < $1.parameters.count }) {
                return [fault(Group(losses: main.losses, parameters: cancelling), in: phase)]
            }
            return groups.map { benign($0, in: phase) ?? fault($0, in: phase) }
        }
    }

    /// Parameters whose part in the loss is lost at the same nodes.
    private struct Group {
        var losses: [NodeID]
        var parameters: [Parameter]
    }

    private func groups(of parameters: [Parameter], in phase: PhaseSubject, _ loss: NodeID) -> [Group] {
        var groups: [Group] = []
        for parameter in parameters {
            guard let leaf = phase.leaf(of: parameter) else { continue }
            let losses = phase.forms.losses(of: leaf, onTheWayTo: loss)
            let index = groups.firstIndex { $0.losses == losses && isShift($0.parameters[0]) == isShift(parameter) }
            if let index {
                groups[index].parameters.append(parameter)
            } else {
                groups.append(Group(losses: losses, parameters: [parameter]))
            }
        }
        return groups
    }

    /// The groups, in which what is lost beyond a mean of normalised values is lost by it.
    private func merged(_ groups: [Group], _ graph: Graph) -> [Group] {
        guard let main = groups.firstIndex(where: { meanOfNormalised($0.losses, graph) != nil }) else { return groups }
        let beyond = graph.descendants(of: groups[main].losses)
        var result: [Group] = [groups[main]]
        for (index, group) in groups.enumerated() where index != main {
            if !group.losses.isEmpty, group.losses.allSatisfy({ graph[$0].op.isContraction && beyond[$0.index] }) {
                result[0].parameters += group.parameters
            } else {
                result.append(group)
            }
        }
        return result
    }

    /// True of a bias or an offset, which adds to what others scale.
    private func isShift(_ parameter: Parameter) -> Bool {
        parameter.shape.rank == 1 && (parameter.name.hasSuffix(".bias") || parameter.name.hasSuffix(".offset"))
    }

    private func evidence(_ group: Group, _ graph: Graph) -> [Finding.Evidence] {
        group.losses.filter { graph[$0].op != .gradient }.prefix(3).map { id in
            .init("it is lost at \(graph[id].origin.name)", at: graph[id].origin.location)
        }
    }

    /// A zero that does no harm.
    private func benign(_ group: Group, in phase: PhaseSubject) -> Finding? {
        guard !group.losses.isEmpty, group.parameters.allSatisfy({ isShift($0) && phase.learnsBeside($0) })
        else { return nil }
        let graph = phase.traced
        let names = group.parameters.map(\.name)
        if group.losses.allSatisfy({ graph.belongs($0, to: phase.network) }) {
            return Finding(
                .biasBeforeNormalisation,
                "\(listed(names)) has no gradient: the normalisation after it subtracts it again",
                at: group.parameters[0].location, evidence: evidence(group, graph),
                help: "harmless; bias: false saves the parameter", parameters: names)
        }
        return Finding(
            .commonShift,
            "\(listed(names)) has no gradient: it shifts all scores alike, and the loss reads their differences",
            at: group.parameters[0].location, evidence: evidence(group, graph),
            help: "harmless; Dense(1, bias: false) saves the parameter", parameters: names)
    }

    private func fault(_ group: Group, in phase: PhaseSubject) -> Finding {
        let graph = phase.traced
        let names = group.parameters.map(\.name)
        let place = group.parameters[0].location
        let what =
            phase.isWithoutGradient
            ? "the \(phase.network)'s gradient is zero" : "the gradient of \(listed(names)) is zero"
        if let (normalised, mean) = meanOfNormalised(group.losses, graph) {
            return Finding(
                .meanOfNormalised,
                "\(what): the mean of normalised values does not depend on what was normalised",
                at: graph[mean].origin.location ?? place,
                evidence: [
                    .init("the mean is taken by \(graph[mean].origin.name)", at: graph[mean].origin.location),
                    .init(
                        "the values are normalised by \(graph[normalised].origin.name)",
                        at: graph[normalised].origin.location),
                ],
                help: "remove the normalisation there, or put a layer that is not linear between the two",
                edit: graph[normalised].isNormalisation
                    ? Edit(at: graph[normalised].origin.location, .remove("BatchNorm")) : nil,
                parameters: names)
        }
        let lost = group.losses.lazy.compactMap { graph[$0].origin.location }.first
        return Finding(
            .cancellingGradient, "\(what): what it adds to the \(phase.network)'s loss cancels", at: lost ?? place,
            evidence: evidence(group, graph) + [.init("\(names[0]) is here", at: place)],
            help: "look for a term that stands there with both signs", parameters: names)
    }

    /// A mean at which everything is lost, and what gave it values of mean 0: a normalisation, or a model's own one.
    private func meanOfNormalised(_ losses: [NodeID], _ graph: Graph) -> (normalised: NodeID, mean: NodeID)? {
        let means = losses.filter { graph[$0].isAverage }
        guard let mean = means.first, means.count == losses.count else { return nil }
        let cone = graph.cone(of: mean)
        let normalisation = graph.ids.last { cone[$0.index] && graph[$0].isNormalisation }
        return (normalisation ?? graph.unwrapped(graph[mean].inputs[0]), mean)
    }
}

extension Node {
    /// True of `(x − mean) / √(variance + ε)`.
    var isNormalisation: Bool { if case .composite(.normalize) = op { true } else { false } }

    /// True of a mean or a sum over axes.
    var isAverage: Bool {
        switch op {
        case .reduceSum, .composite(.mean), .averagePool: true
        default: false
        }
    }
}
