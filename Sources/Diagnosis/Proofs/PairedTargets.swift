import CGAN
import Graph

/// Scores `[B, 1]` and targets `[1, B]` that stretch to all pairs `[B, B]` (GZ015).
struct PairedTargets: Rule {
    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { phase -> [Finding] in
            guard let loss = phase.loss else { return [] }
            let graph = phase.traced
            let cone = graph.cone(of: loss)
            let isScore = graph.descendants(of: graph.scores())
            return graph.ids.filter { cone[$0.index] }.compactMap { id in
                guard graph[id].op.isElementwise, let pair = pair(id, graph, batch: subject.program.batch),
                    isScore[pair.tall.index] != isScore[pair.wide.index]
                else { return nil }
                let targets = isScore[pair.tall.index] ? pair.wide : pair.tall
                let scores = isScore[pair.tall.index] ? pair.tall : pair.wide
                return Finding(
                    .pairedTargets,
                    "scores \(graph[scores].shape) and targets \(graph[targets].shape) stretch to all pairs "
                        + "\(graph[id].shape): every score meets every target",
                    at: graph[targets].origin.location ?? graph[id].origin.location,
                    evidence: [.init("the scores are \(graph[scores].origin.name)", at: graph[scores].origin.location)],
                    help: "give the targets the scores' shape: reshape(targets, to: \(graph[scores].shape.dimensions))",
                    edit: Edit(
                        at: graph[targets].origin.location, .replace("[1, batch.size]", with: "[batch.size, 1]")))
            }
        }
    }

    /// The two operands of an elementwise function that are repeated along different axes of the batch's extent.
    private func pair(_ id: NodeID, _ graph: Graph, batch: Int) -> (tall: NodeID, wide: NodeID)? {
        let inputs = graph[id].inputs.suffix(2)
        guard batch > 1, inputs.count == 2, let first = inputs.first, let last = inputs.last,
            case .broadcast = graph[first].op, case .broadcast = graph[last].op
        else { return nil }
        let (a, b) = (graph[first].inputs[0], graph[last].inputs[0])
        let (x, y, z) = (graph[a].shape, graph[b].shape, graph[id].shape)
        guard x.rank == z.rank, y.rank == z.rank, z.dimensions.filter({ $0 == batch }).count >= 2 else { return nil }
        let own = (0..<z.rank).filter { z[$0] == batch && x[$0] == batch && y[$0] == 1 }
        let other = (0..<z.rank).filter { z[$0] == batch && y[$0] == batch && x[$0] == 1 }
        return own.isEmpty || other.isEmpty ? nil : (a, b)
    }
}
