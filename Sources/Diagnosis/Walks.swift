import Graph

/// Ways through a graph that several rules take.
extension Graph {
    /// Which nodes `id` is computed from, itself included, by index.
    func cone(of id: NodeID) -> [Bool] {
        var cone = [Bool](repeating: false, count: nodes.count)
        cone[id.index] = true
        for index in stride(from: id.index, through: 0, by: -1) where cone[index] {
            for input in nodes[index].inputs { cone[input.index] = true }
        }
        return cone
    }

    /// Which nodes are computed from one of `sources`, themselves included, by index.
    func descendants(of sources: [NodeID]) -> [Bool] {
        var reached = [Bool](repeating: false, count: nodes.count)
        for source in sources { reached[source.index] = true }
        for index in nodes.indices where !reached[index] {
            reached[index] = nodes[index].inputs.contains { reached[$0.index] }
        }
        return reached
    }

    /// The operand behind operations that only move elements or repeat them.
    func unwrapped(_ id: NodeID) -> NodeID {
        switch self[id].op {
        case .reshape, .transpose, .broadcast, .stopGradient: unwrapped(self[id].inputs[0])
        default: id
        }
    }

    /// The places of the nodes whose operation satisfies `condition`.
    func ids(where condition: (Op) -> Bool) -> [NodeID] { ids.filter { condition(self[$0].op) } }
}
