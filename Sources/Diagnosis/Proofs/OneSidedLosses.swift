import Graph

/// A discriminator's loss that reads scores of real images only, or of generated ones only (GZ017).
struct OneSidedLosses: Rule {
    func findings(in subject: Subject) -> [Finding] {
        guard let phase = subject.phases.first(where: { $0.network == "discriminator" }), let loss = phase.loss,
            !phase.isWithoutGradient
        else { return [] }
        let graph = phase.traced
        let cone = graph.cone(of: loss)
        let scores = graph.scores().filter { cone[$0.index] }
        let real = graph.descendants(of: graph.ids { if case .input("images", _) = $0 { true } else { false } })
        let generated = graph.descendants(of: graph.ids.filter { graph.belongs($0, to: "generator") })
        guard !scores.isEmpty else { return [] }
        let seesReal = scores.contains { real[$0.index] }
        guard !seesReal || !scores.contains(where: { generated[$0.index] }) else { return [] }
        return [
            Finding(
                .oneSidedLoss,
                seesReal
                    ? "the discriminator's loss reads scores of real images only: it never sees a generated one"
                    : "the discriminator's loss reads scores of generated images only: it never sees a real one",
                at: graph[loss].origin.location,
                evidence: scores.prefix(2).map {
                    .init("it reads \(graph[$0].origin.name)", at: graph[$0].origin.location)
                },
                help: seesReal
                    ? "add the scores of discriminator(generator(batch.latent, batch.labels), batch.labels)"
                    : "add the scores of discriminator(batch.images, batch.labels)")
        ]
    }
}
