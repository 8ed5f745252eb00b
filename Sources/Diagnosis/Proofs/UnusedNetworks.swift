import CGAN
import Graph

/// A loss that never uses the network it is to train (GZ001), and parameters that have no part in an otherwise used
/// network's loss, or that no phase updates (GZ002).
struct UnusedNetworks: Rule {
    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { unused(in: $0) } + neverUpdated(in: subject)
    }

    private func unused(in phase: PhaseSubject) -> [Finding] {
        let unreachable = phase.zeroParameters.filter { $0.reason == .unreachable }.map(\.parameter)
        guard !unreachable.isEmpty, let loss = phase.loss else { return [] }
        if unreachable.count == phase.trained.count {
            let origin = phase.traced[loss].origin
            return [
                Finding(
                    .lossWithoutNetwork,
                    "the \(phase.network)'s loss does not use the \(phase.network): its gradient is zero",
                    at: origin.location ?? unreachable.first?.location,
                    evidence: whatItUses(phase, loss) + [
                        .init(
                            "none of the \(phase.network)'s \(phase.trained.count) parameters has a part in it; the first "
                                + "is \(unreachable[0].name)", at: unreachable[0].location)
                    ],
                    help: phase.network == "generator"
                        ? "let the loss read the discriminator's scores of generated images: "
                            + "-mean(discriminator(generator(batch.latent, batch.labels), batch.labels))"
                        : "let the loss read scores, not images: mean(discriminator(fake, batch.labels)) "
                            + "- mean(discriminator(batch.images, batch.labels))",
                    parameters: unreachable.map(\.name))
            ]
        }
        return unreachable.map { parameter in
            Finding(
                .unusedParameter, "\(parameter.name) has no part in the \(phase.network)'s loss: its gradient is zero",
                at: parameter.location, evidence: [],
                help: "let the layer's result depend on it, or remove the parameter", parameters: [parameter.name])
        }
    }

    /// What a loss is computed from instead.
    private func whatItUses(_ phase: PhaseSubject, _ loss: NodeID) -> [Finding.Evidence] {
        let cone = phase.traced.cone(of: loss)
        let leaves = phase.traced.ids.filter { cone[$0.index] }.compactMap { id -> String? in
            switch phase.traced[id].op {
            case .input(let name, _): name
            case .random(let draw, _): draw.name
            case .parameter: "the parameters of the \(phase.network == "generator" ? "discriminator" : "generator")"
            default: nil
            }
        }
        let names = leaves.enumerated().filter { !leaves[..<$0.offset].contains($0.element) }.map(\.element)
        let text = names.isEmpty ? "numbers alone" : names.joined(separator: ", ")
        return [.init("the loss is computed from \(text)", at: phase.traced[loss].origin.location)]
    }

    private func neverUpdated(in subject: Subject) -> [Finding] {
        let updated = Set(subject.phases.flatMap { $0.trained.map(\.name) })
        return subject.program.parameters.filter { $0.isTrained && !updated.contains($0.name) }.map { parameter in
            Finding(
                .unusedParameter, "\(parameter.name) belongs to no network that a phase updates",
                at: parameter.location,
                help: "give the \(parameter.network) a phase, or let the parameter be a statistic")
        }
    }
}
