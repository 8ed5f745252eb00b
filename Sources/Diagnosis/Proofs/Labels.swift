import CGAN
import Graph

/// A network that does not depend on the label: it never arrives (GZ004), or only in a term that cancels (GZ005).
struct Labels: Rule {
    func findings(in subject: Subject) -> [Finding] {
        let generator = generator(in: subject)
        let ignores = generator.contains { $0.severity == .warning }
        // A discriminator whose weights have no gradient has a graver fault, of which this would be a symptom.
        guard let phase = subject.phases.first(where: { $0.network == "discriminator" }),
            !phase.trained.contains(where: { parameter in
                subject.findings.contains { $0.severity == .error && $0.parameters.contains(parameter.name) }
            })
        else { return generator }
        let discriminator = discriminator(in: phase, subject.program)
        // Where both networks are told to leave the label alone, the model is meant to be unconditional.
        if ignores, discriminator.contains(where: { $0.severity == .warning }) { return [] }
        return generator + discriminator
    }

    private func discriminator(in phase: PhaseSubject, _ program: Program) -> [Finding] {
        let scores = phase.traced.scores()
        guard !scores.isEmpty else { return [] }
        guard let (graph, labels, places) = phase.traced.splittingLabels() else {
            return [unreached("discriminator", program)]
        }
        let arrives = graph.descendants(of: [labels])
        guard scores.contains(where: { arrives[places[$0.index].index] }) else {
            return [unreached("discriminator", program)]
        }
        let forms = TracedForms(graph)
        let entry = graph.ids.first { graph[$0].inputs.contains(labels) }
        let parameters = phase.cancellingBesideLabels
        if !scores.contains(where: { forms.depends(places[$0.index], on: labels) }) {
            let score = places[scores[0].index]
            return [cancels(before: score, forms, labels, entry, "the discriminator's score", parameters: parameters)]
        }
        guard let loss = graph.output("loss"), arrives[loss.index], !forms.depends(loss, on: labels) else { return [] }
        return [cancels(before: loss, forms, labels, entry, "the discriminator's loss", parameters: parameters)]
    }

    private func generator(in subject: Subject) -> [Finding] {
        let sampler = subject.program.sampler
        guard let images = sampler.output("images") else { return [] }
        guard let labels = sampler.ids.first(where: { sampler[$0].isLabels }),
            sampler.descendants(of: [labels])[images.index]
        else { return [unreached("generator", subject.program)] }
        let forms = TracedForms(sampler)
        guard !forms.depends(images, on: labels) else { return [] }
        let entry = sampler.ids.first { sampler[$0].inputs.contains(labels) }
        return [cancels(before: images, forms, labels, entry, "what the generator draws", parameters: [])]
    }

    private func unreached(_ network: String, _ program: Program) -> Finding {
        let inputs = program.layers.first { $0.name.hasPrefix("\(network).") }
        let isMeant = inputs?.kind.contains(".ignored") ?? false
        let what = network == "generator" ? "what the generator draws" : "the discriminator's score"
        return Finding(
            .labelUnreached,
            "the label never reaches \(what)"
                + (network == "generator" ? "" : ": it judges images alone, and ∂D/∂y is zero"),
            severity: isMeant ? .warning : .error, at: inputs?.location,
            evidence: isMeant
                ? [.init("the \(network) is told to ignore it: \(inputs?.kind ?? "")", at: inputs?.location)] : [],
            help: network == "generator"
                ? "write Inputs(.latent, .label(.oneHot))" : "write Inputs(.image, .label(.projection))",
            edit: Edit(
                at: inputs?.location,
                .replace(".label(.ignored)", with: network == "generator" ? ".label(.oneHot)" : ".label(.projection)")))
    }

    private func cancels(
        before target: NodeID, _ forms: TracedForms, _ labels: NodeID, _ entry: NodeID?, _ what: String,
        parameters: [String]
    ) -> Finding {
        let graph = forms.traced
        let losses = forms.losses(of: labels, onTheWayTo: target)
        let place = losses.lazy.compactMap { graph[$0].origin.location }.first ?? graph[target].origin.location
        return Finding(
            .labelCancels,
            "\(what) is the same whatever the label is: what comes of the label is lost on the way or cancels",
            at: place,
            evidence: losses.prefix(3).map {
                .init("it is lost at \(graph[$0].origin.name)", at: graph[$0].origin.location)
            }
                + [entry].compactMap { $0 }.map {
                    .init("the label enters at \(graph[$0].origin.name)", at: graph[$0].origin.location)
                },
            help: "let image and label meet before the last sum: Inputs(.image, .label(.projection))",
            parameters: parameters)
    }
}
