import Differentiation
import Graph

/// The algebra of a graph as it was traced: composites and gradients are written out, and each traced node knows what it
/// became.
struct TracedForms {
    /// The graph as it was traced.
    let traced: Graph
    /// The algebra of the expanded graph.
    let algebra: Algebra
    /// For each traced node, its place in the expanded graph.
    private let places: [NodeID]

    /// - Parameter isFreezing: as in ``Algebra``.
    init(_ traced: Graph, freezing isFreezing: Bool = false) {
        self.traced = traced
        var named = traced
        named.outputs = traced.ids.map { Output("\($0.index)", $0) }
        let expanded = named.expandingGradients().graph
        places = expanded.outputs.map(\.node)
        algebra = Algebra(expanded, freezing: isFreezing)
    }

    /// The form of a traced node.
    subscript(id: NodeID) -> SumForm { algebra[places[id.index]] }

    /// True if traced node `id` depends on the traced leaf `leaf` for some numbers, as far as the algebra can see.
    func depends(_ id: NodeID, on leaf: NodeID) -> Bool { algebra.depends(self[id], on: [places[leaf.index]]) }

    /// The nodes at which what comes from `leaf` is lost on its way to `target`: they are computed from values that
    /// depend on the leaf, and do not depend on it themselves. Empty if some of it arrives.
    func losses(of leaf: NodeID, onTheWayTo target: NodeID) -> [NodeID] {
        guard !depends(target, on: leaf) else { return [] }
        let cone = traced.cone(of: target)
        let below = traced.descendants(of: [leaf])
        return traced.ids.filter { id in
            cone[id.index] && below[id.index] && !depends(id, on: leaf)
                && traced[id].inputs.contains { depends($0, on: leaf) }
        }
    }
}
