import Graph

/// Elementwise arithmetic that is done alike to neighbouring rows of the same tensors.
extension Graph {
    /// What neighbours have in common.
    private struct Likeness: Hashable {
        var op: Op
        /// Extents of a row of the result.
        var row: [Int]
        var operands: [Operand]
    }

    /// An operand, whichever rows of it are meant.
    private enum Operand: Hashable {
        /// Rows of a tensor, the first one `offset` behind the first one of the first such operand.
        case rows(of: NodeID, offset: Int)
        /// The same in every row.
        case repeated(NodeID, axes: [Int])
        case number(Double)

        /// A place among the operands of a function in which they may change places.
        var place: [Int] {
            switch self {
            case .rows(let source, let offset): [0, source.index, offset]
            case .repeated(let operand, _): [1, operand.index]
            case .number: [2]
            }
        }
    }

    /// A node, the first row that it reads, and its operands in the order of its likeness.
    private struct Stretch {
        var node: NodeID
        var start: Int
        var operands: [NodeID]
    }

    /// The first nodes that do the same to rows of the same tensors, the rows of each following those of the one before.
    func neighbours(_ ancestry: Ancestry) -> JoinableGroup? {
        let reachable = reachable()
        var likenesses: [Likeness] = []
        var stretches: [Likeness: [Stretch]] = [:]
        for id in ids where reachable[id.index] && self[id].op.isElementwise {
            guard let (likeness, stretch) = likeness(of: id) else { continue }
            if stretches[likeness] == nil { likenesses.append(likeness) }
            stretches[likeness, default: []].append(stretch)
        }
        for likeness in likenesses {
            let run = run(of: stretches[likeness]!, ancestry)
            guard run.count > 1 else { continue }
            let columns = likeness.operands.indices.map { column in run.map { $0.operands[column] } }
            return JoinableGroup(members: run.map(\.node), columns: columns)
        }
        return nil
    }

    /// The first several of `stretches` that follow each other and do not depend on each other.
    private func run(of stretches: [Stretch], _ ancestry: Ancestry) -> [Stretch] {
        var run: [Stretch] = []
        var end = 0
        for stretch in stretches.sorted(by: { ($0.start, $0.node) < ($1.start, $1.node) }) {
            if !run.isEmpty, stretch.start < end { continue }
            if !run.isEmpty, stretch.start > end || !ancestry.areIndependent(run.map(\.node) + [stretch.node]) {
                if run.count > 1 { break }
                run = []
            }
            run.append(stretch)
            end = stretch.start + self[stretch.node].shape[0]
        }
        return run
    }

    /// What node `id` may have in common with neighbours; nil if it reads no rows of a larger tensor, or what neighbours
    /// cannot share.
    private func likeness(of id: NodeID) -> (Likeness, Stretch)? {
        let node = self[id]
        guard node.shape.rank > 0 else { return nil }
        var operands: [(kind: Operand, node: NodeID)] = []
        for input in node.inputs {
            switch joined([input]) {
            case .rows(let source, let start, _): operands.append((.rows(of: source, offset: start), input))
            case .repeated(let operand, let axes): operands.append((.repeated(operand, axes: axes), input))
            case .number(let value): operands.append((.number(value), input))
            case nil: return nil
            }
        }
        if node.op == .binary(.add) || node.op == .binary(.multiply) {
            operands.sort { $0.kind.place.lexicographicallyPrecedes($1.kind.place) }
        }
        var start: Int?
        let kinds = operands.map { operand in
            guard case .rows(let source, let first) = operand.kind else { return operand.kind }
            start = start ?? first
            return .rows(of: source, offset: first - start!)
        }
        guard let start else { return nil }
        let likeness = Likeness(op: node.op, row: Array(node.shape.dimensions.dropFirst()), operands: kinds)
        return (likeness, Stretch(node: id, start: start, operands: operands.map(\.node)))
    }
}
