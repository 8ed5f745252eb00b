import CGAN
import Graph

/// Where a phase applies the discriminator.
extension Graph {
    /// True if the node was made by a layer of `network`.
    func belongs(_ id: NodeID, to network: String) -> Bool { self[id].origin.name.hasPrefix("\(network).") }

    /// What the discriminator gives to the rest of the phase: its nodes that others use, and that depend on more than
    /// parameters and labels.
    func scores() -> [NodeID] {
        let images = descendants(
            of: ids { op in
                switch op {
                case .input(_, let type): type.element == .real
                case .random: true
                default: false
                }
            })
        let users = users()
        let results = Set(outputs.map(\.node))
        return ids.filter { id in
            guard belongs(id, to: "discriminator"), images[id.index] else { return false }
            return results.contains(id) || users[id.index].contains { isOutside($0) }
        }
    }

    /// True if the loss made the node, and not a layer or the renewal of its statistics.
    private func isOutside(_ id: NodeID) -> Bool {
        !belongs(id, to: "discriminator") && !belongs(id, to: "generator")
    }

    /// A copy in which the discriminator is given labels of its own, the input `discriminator labels`, so that what it
    /// makes of them can be told from what the generator makes of them.
    ///
    /// - Returns: the copy, its own labels, and the place of each node in it; nil if the graph has no labels.
    func splittingLabels() -> (graph: Graph, labels: NodeID, places: [NodeID])? {
        guard let labels = ids.first(where: { self[$0].isLabels }) else { return nil }
        let isLabelOnly = labelOnly(labels)
        var copy = Graph()
        let own = copy.append(.input(name: "discriminator labels", self[labels].type), origin: self[labels].origin)
        // Each node as the rest of the phase sees it, and as the discriminator sees it.
        var outer: [NodeID] = []
        var inner: [NodeID] = []
        for id in ids {
            let node = self[id]
            // Equal nodes are one, whichever network made them first, so what is made of labels alone exists twice.
            let isInside = belongs(id, to: "discriminator") && !isLabelOnly[id.index]
            let seen = node.inputs.map { isInside && isLabelOnly[$0.index] ? inner[$0.index] : outer[$0.index] }
            outer.append(copy.append(node.op, seen, origin: node.origin))
            if id == labels {
                inner.append(own)
            } else if isLabelOnly[id.index] {
                inner.append(copy.append(node.op, node.inputs.map { inner[$0.index] }, origin: node.origin))
            } else {
                inner.append(outer[id.index])
            }
        }
        copy.outputs = outputs.map { Output($0.name, outer[$0.node.index]) }
        return (copy, own, outer)
    }

    /// Which nodes are computed from labels, and from nothing but parameters and numbers besides, by index.
    func labelOnly(_ labels: NodeID) -> [Bool] {
        let below = descendants(of: [labels])
        var isFixed = [Bool](repeating: false, count: nodes.count)
        for id in ids {
            switch self[id].op {
            case .input: isFixed[id.index] = id == labels
            case .random: isFixed[id.index] = false
            case .constant, .parameter: isFixed[id.index] = true
            default: isFixed[id.index] = self[id].inputs.allSatisfy { isFixed[$0.index] }
            }
        }
        return ids.map { below[$0.index] && isFixed[$0.index] }
    }
}

extension Node {
    /// True of the labels that a phase or a sampler is given.
    var isLabels: Bool { if case .input(_, let type) = op { type.element == .index } else { false } }
}
