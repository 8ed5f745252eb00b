import Graph

/// Batches side by side: tensors whose leading rows follow each other in memory.
extension Graph {
    /// What several parts are stretches of.
    enum JoinedRows {
        /// Rows `from ..< from + count` of a tensor.
        case rows(of: NodeID, from: Int, count: Int)
        /// One operand repeated along the leading axis.
        case repeated(NodeID, axes: [Int])
        /// The same number everywhere.
        case number(Double)
    }

    /// What `parts` are, one after the other, if that needs no copying; nil otherwise.
    func joined(_ parts: [NodeID]) -> JoinedRows? {
        guard let first = parts.first, self[first].shape.rank > 0 else { return nil }
        if let value = uniformValue(of: first) {
            return parts.allSatisfy { uniformValue(of: $0) == value } ? .number(value) : nil
        }
        switch self[first].op {
        case .slice(let start, _):
            let source = self[first].inputs[0]
            var position = start[0]
            for part in parts {
                guard case .slice(let start, let size) = self[part].op, self[part].inputs[0] == source,
                    start[0] == position, start.dropFirst().allSatisfy({ $0 == 0 }),
                    size.dropFirst() == self[source].shape.dimensions.dropFirst()
                else { return nil }
                position += size[0]
            }
            return .rows(of: source, from: start[0], count: position - start[0])
        case .broadcast(_, let axes):
            let operand = self[first].inputs[0]
            guard !axes.contains(0) else { return nil }
            for part in parts {
                guard case .broadcast(_, axes) = self[part].op, self[part].inputs[0] == operand,
                    self[part].shape.dimensions.dropFirst() == self[first].shape.dimensions.dropFirst()
                else { return nil }
            }
            return .repeated(operand, axes: axes)
        default:
            return nil
        }
    }

    /// `parts` one after the other along the leading axis.
    mutating func join(_ parts: [NodeID], origin: Origin) -> NodeID {
        if parts.count == 1 { return parts[0] }
        var shape = self[parts[0]].shape
        switch joined(parts) {
        case .rows(let source, let start, let count):
            return rows(of: source, from: start, count: count, origin: origin)
        case .repeated(let operand, let axes):
            shape[0] = parts.reduce(0) { $0 + self[$1].shape[0] }
            return append(.broadcast(shape, axes: axes), [operand], origin: origin)
        case .number(let value):
            shape[0] = parts.reduce(0) { $0 + self[$1].shape[0] }
            return full(value, shape, origin: origin)
        case nil:
            return append(.concatenate(axis: 0), parts, origin: origin)
        }
    }

    /// Rows `from ..< from + count` of `x` along the leading axis; `x` itself if these are all.
    mutating func rows(of x: NodeID, from start: Int, count: Int, origin: Origin) -> NodeID {
        var shape = self[x].shape
        if shape[0] == count { return x }
        var first = [Int](repeating: 0, count: shape.rank)
        first[0] = start
        shape[0] = count
        return append(.slice(start: first, size: shape.dimensions), [x], origin: origin)
    }

    /// A node as it is, except that a concatenation of what lies side by side already is that.
    mutating func appendConcatenating(_ op: Op, _ inputs: [NodeID], origin: Origin) -> NodeID {
        if case .concatenate(axis: 0) = op, joined(inputs) != nil { return join(inputs, origin: origin) }
        return append(op, inputs, origin: origin)
    }
}
