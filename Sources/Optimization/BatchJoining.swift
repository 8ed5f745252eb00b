import Graph

/// Computes side by side what is done alike to several batches: contractions that share their weights, and the
/// elementwise arithmetic between them. A critic that sees real, generated and interpolated images becomes one pass
/// over three times the batch, whose weights are read once.
///
///     %4 = convolution(%0, %w)               %4 = concatenate(%0, %1)
///     %5 = convolution(%1, %w)           →   %5 = convolution(%4, %w)
///                                            %6 = slice(%5), %7 = slice(%5)
///
/// Joined batches cost nothing in memory: the parts are computed in place, and a slice of whole rows is a view. What is
/// then done alike to neighbouring slices is done to all of their rows at once, where it can be the contraction's
/// epilogue:
///
///     %6 = slice(%5), %7 = slice(%5)         %6 = leakyReLU(%5)
///     %8 = leakyReLU(%6)                 →   %8 = slice(%6)
///     %9 = leakyReLU(%7)                     %9 = slice(%6)
public let batchJoining = Pass("batch-joining") { graph, _ in
    var graph = graph
    // Each round joins one group; there are fewer groups than nodes.
    for _ in 0..<graph.nodes.count {
        guard let group = graph.joinableGroup() else { break }
        graph = graph.joining(group)
    }
    return graph
}

/// Nodes that are to be joined, in the order of their batches.
struct JoinableGroup {
    var members: [NodeID]
    /// For each operand of the joined node the members' ones.
    var columns: [[NodeID]]
}

extension Graph {
    /// The next nodes to be joined.
    fileprivate func joinableGroup() -> JoinableGroup? {
        let ancestry = Ancestry(self)
        if let members = contractionGroup(ancestry) ?? elementwiseGroup(ancestry) {
            let columns = self[members[0]].inputs.indices.map { column in members.map { self[$0].inputs[column] } }
            return JoinableGroup(members: members, columns: columns)
        }
        return neighbours(ancestry)
    }

    // MARK: Contractions

    /// What contractions must have in common to be joined.
    private struct ContractionKey: Hashable {
        var op: Op
        var weight: NodeID
        var row: [Int]
    }

    /// The first contractions that share weights and geometry and do not depend on each other.
    private func contractionGroup(_ ancestry: Ancestry) -> [NodeID]? {
        let reachable = reachable()
        var members: [ContractionKey: [NodeID]] = [:]
        var keys: [ContractionKey] = []
        for id in ids where reachable[id.index] {
            switch self[id].op {
            case .convolution, .convolutionInputGradient, .matmul(transposeA: false, _): break
            default: continue
            }
            let (x, weight) = (self[id].inputs[0], self[id].inputs[1])
            let key = ContractionKey(op: self[id].op, weight: weight, row: Array(self[x].shape.dimensions.dropFirst()))
            if members[key] == nil { keys.append(key) }
            members[key, default: []].append(id)
        }
        for key in keys {
            var group: [NodeID] = []
            for id in members[key]! where ancestry.areIndependent(group + [id]) && !ancestry.depends(key.weight, on: id)
            {
                group.append(id)
            }
            if group.count > 1 { return inOrderOfBatches(group) }
        }
        return nil
    }

    /// The group in the order in which the batches already lie in what their operands are made of, so that cotangents
    /// follow the order of the activations they meet.
    private func inOrderOfBatches(_ group: [NodeID]) -> [NodeID] {
        let stretches = group.map { stretch(of: self[$0].inputs[0]) }
        guard let source = stretches[0]?.source, stretches.allSatisfy({ $0?.source == source }) else { return group }
        let order = group.indices.sorted { (stretches[$0]!.start, $0) < (stretches[$1]!.start, $1) }
        return order.map { group[$0] }
    }

    /// The first stretch of rows among what the elementwise node `id` is computed from.
    private func stretch(of id: NodeID, depth: Int = 0) -> (source: NodeID, start: Int)? {
        if case .slice(let start, let size) = self[id].op {
            let source = self[id].inputs[0]
            guard size.dropFirst() == self[source].shape.dimensions.dropFirst() else { return nil }
            return (source, start[0])
        }
        switch self[id].op {
        case .unary, .binary, .select, .reshape: break
        default: return nil
        }
        guard depth < 12 else { return nil }
        for input in self[id].inputs { if let found = stretch(of: input, depth: depth + 1) { return found } }
        return nil
    }

    // MARK: Elementwise

    /// Elementwise nodes whose results a concatenation joins, and whose operands are joined already.
    private func elementwiseGroup(_ ancestry: Ancestry) -> [NodeID]? {
        let reachable = reachable()
        for id in ids where reachable[id.index] {
            guard case .concatenate(axis: 0) = self[id].op else { continue }
            if case .group(let group) = joinability(of: self[id].inputs), ancestry.areIndependent(group) {
                return group
            }
        }
        return nil
    }

    private enum Joinability {
        /// The parts already lie side by side.
        case joined
        /// Joining this group brings the parts closer to being joined.
        case group([NodeID])
        case impossible
    }

    private func joinability(of parts: [NodeID], depth: Int = 0) -> Joinability {
        if joined(parts) != nil { return .joined }
        guard depth < 12, Set(parts).count == parts.count, parts.allSatisfy({ self[$0].op.isElementwise }),
            parts.allSatisfy({
                self[$0].op == self[parts[0]].op
                    && self[$0].shape.dimensions.dropFirst() == self[parts[0]].shape.dimensions.dropFirst()
            })
        else { return .impossible }
        var deeper: [NodeID]?
        for column in self[parts[0]].inputs.indices {
            switch joinability(of: parts.map { self[$0].inputs[column] }, depth: depth + 1) {
            case .joined: break
            case .group(let group): deeper = deeper ?? group
            case .impossible: return .impossible
            }
        }
        return .group(deeper ?? parts)
    }

    // MARK: Joining

    /// The graph in which the nodes `group` are stretches of one node.
    fileprivate func joining(_ joined: JoinableGroup) -> Graph {
        let group = joined.members
        let reachable = reachable()
        var result = Graph()
        var replacement = [NodeID?](repeating: nil, count: nodes.count)
        let isElementwise = self[group[0]].op.isElementwise
        let origin = Origin(joining: group.map { self[$0].origin })

        func place(_ id: NodeID) {
            guard replacement[id.index] == nil else { return }
            let node = self[id]
            guard group.contains(id) else {
                for input in node.inputs { place(input) }
                let inputs = node.inputs.map { replacement[$0.index]! }
                replacement[id.index] = result.appendConcatenating(node.op, inputs, origin: node.origin)
                return
            }
            for member in group { for input in self[member].inputs { place(input) } }
            let columns = joined.columns.enumerated().map { column, operands in
                let parts = operands.map { replacement[$0.index]! }
                let isShared = column > 0 && !isElementwise
                return isShared ? parts[0] : result.join(parts, origin: origin)
            }
            let whole = result.append(self[group[0]].op, columns, origin: origin)
            var position = 0
            for member in group {
                let shape = self[member].shape
                replacement[member.index] = result.rows(
                    of: whole, from: position, count: shape[0], origin: self[member].origin)
                position += shape[0]
            }
        }
        for id in ids where reachable[id.index] { place(id) }
        result.outputs = outputs.map { Output($0.name, replacement[$0.node.index]!) }
        return result
    }
}
