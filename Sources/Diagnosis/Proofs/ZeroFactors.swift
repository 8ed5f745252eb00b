import Graph

/// A draw that can only be 0, such as the mask of a dropout that keeps nothing (GZ009); a written factor 0 is told by
/// ``CutGradients``.
struct ZeroFactors: Rule {
    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { phase -> [Finding] in
            guard let loss = phase.loss else { return [] }
            let graph = phase.traced
            let cone = graph.cone(of: loss)
            return graph.ids.filter { cone[$0.index] }.compactMap { id in
                guard case .random(let draw, let shape) = graph[id].op, draw.distribution.onlyValue == 0 else {
                    return nil
                }
                let users = graph.users()[id.index].filter { graph[$0].op == .binary(.multiply) }
                guard let user = users.first else { return nil }
                return Finding(
                    .zeroFactor,
                    "\(graph[user].origin.name) is always zero: it is multiplied by the draw \(draw.name) \(shape), "
                        + "\(draw.distribution), which can only be 0", at: graph[user].origin.location,
                    evidence: [.init("the draw is made here", at: graph[id].origin.location)],
                    help: "keep at least some of the elements: .bernoulli(probability: 0.5, value: 2)",
                    parameters: phase.cancellingParameters.map(\.name))
            }
        }
    }
}
