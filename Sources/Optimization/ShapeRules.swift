import Graph

/// Rules for operations that only move elements.
extension Builder {
    ///     reshape(reshape(x)) → reshape(x)     reshape to the shape it has → x
    ///     reshape(broadcast(x)) → broadcast(reshape(x)), where no group of axes is repeated only in part
    ///     reshape(broadcast(x) · broadcast(y)) → broadcast(reshape(x)) · broadcast(reshape(y)), likewise
    ///     reshape(slice of whole rows of x) → slice of whole rows of reshape(x), where rows stay rows
    mutating func simplifyReshape(_ shape: Shape, _ node: Node) -> NodeID? {
        let x = node.inputs[0]
        if graph[x].shape == shape { return x }
        if case .reshape = graph[x].op { return reshape(graph[x].inputs[0], shape) }
        return reshapedRows(x, to: shape) ?? reshapedBroadcast(x, to: shape)
            ?? reshapedBroadcasts(of: graph[x], to: shape)
    }

    /// The slice `x` of whole rows, in the shape `shape`, as a slice of the reshaped whole; nil if it is anything else.
    private mutating func reshapedRows(_ x: NodeID, to shape: Shape) -> NodeID? {
        guard shape.rank > 0, shape[0] == graph[x].shape.dimensions.first, graph[x].shape.count > 0,
            case .rows(let whole, let start, let count) = graph.joined([x])
        else { return nil }
        let rows = Shape([graph[whole].shape[0]] + shape.dimensions.dropFirst())
        let reshaped = reshape(whole, rows)
        return graph.rows(of: reshaped, from: start, count: count, origin: origin)
    }

    /// The elementwise function `node` of nothing but broadcasts, in the shape `shape`; nil if it is anything else.
    private mutating func reshapedBroadcasts(of node: Node, to shape: Shape) -> NodeID? {
        guard node.op.isElementwise else { return nil }
        var operands: [NodeID] = []
        for input in node.inputs {
            guard let operand = reshapedBroadcast(input, to: shape) else { return nil }
            operands.append(operand)
        }
        return graph.append(node.op, operands, origin: origin)
    }

    /// The broadcast `x` as a broadcast to `shape`; nil if `x` is no broadcast, or not one of something in that shape.
    mutating func reshapedBroadcast(_ x: NodeID, to shape: Shape) -> NodeID? {
        if let value = graph.uniformValue(of: x) { return full(value, shape) }
        guard let (operand, axes) = graph.stretched(x), !graph[operand].shape.dimensions.contains(1) else { return nil }
        let source = graph[x].shape
        var kept: [Int] = []
        for block in reshapeBlocks(from: source, to: shape) {
            let own = block.source.filter { source[$0] > 1 && axes.contains($0) }
            if own.isEmpty { continue }
            guard block.source.allSatisfy({ source[$0] == 1 || axes.contains($0) }) else { return nil }
            kept += block.target.filter { shape[$0] > 1 }
        }
        let inner = reshape(operand, Shape(kept.map { shape[$0] }))
        return graph.broadcast(inner, to: shape, axes: kept, origin: origin)
    }

    ///     transpose(transpose(x)) → transpose(x)       transpose that moves only extents of 1 → reshape(x)
    ///     transpose(broadcast(x)) → broadcast(transpose(x))
    mutating func simplifyTranspose(_ permutation: [Int], _ node: Node) -> NodeID? {
        let x = node.inputs[0]
        let shape = graph[x].shape
        let moved = permutation.filter { shape[$0] != 1 }
        if moved == moved.sorted() { return reshape(x, node.shape) }
        if case .transpose(let inner) = graph[x].op {
            return append(.transpose(permutation: permutation.map { inner[$0] }), graph[x].inputs[0])
        }
        if let (operand, axes) = graph.stretched(x) {
            // Result axis i is the operand's axis axes.firstIndex(permutation[i]), where there is one.
            let kept = permutation.indices.filter { axes.contains(permutation[$0]) }
            let order = kept.map { axes.firstIndex(of: permutation[$0])! }
            return append(.broadcast(node.shape, axes: kept), append(.transpose(permutation: order), operand))
        }
        return nil
    }

    ///     broadcast that repeats nothing → reshape(x)     broadcast(broadcast(x)) → broadcast(x)
    ///     broadcast of extents of 1 → broadcast(reshape(x)) without them
    mutating func simplifyBroadcast(_ shape: Shape, _ axes: [Int], _ node: Node) -> NodeID? {
        let x = node.inputs[0]
        let operand = graph[x].shape
        if graph.uniformValue(of: x) != nil { return operand == shape ? x : nil }
        if operand.count == shape.count { return reshape(x, shape) }
        if operand.dimensions.contains(1) {
            let kept = operand.dimensions.indices.filter { operand[$0] != 1 }
            let inner = reshape(x, Shape(kept.map { operand[$0] }))
            return append(.broadcast(shape, axes: kept.map { axes[$0] }), inner)
        }
        guard let (inner, innerAxes) = graph.stretched(x) else { return nil }
        return append(.broadcast(shape, axes: innerAxes.map { axes[$0] }), inner)
    }

    ///     slice of everything → x                       slice(slice(x)) → slice(x)
    ///     slice(pad(x)) → slice(x) inside x, 0 outside  slice(concatenate(…)) → slice of the one part it lies in
    ///     slice(broadcast(x)) → broadcast(slice(x))
    mutating func simplifySlice(_ start: [Int], _ size: [Int], _ node: Node) -> NodeID? {
        let x = node.inputs[0]
        if graph[x].shape == node.shape { return x }
        switch graph[x].op {
        case .slice(let innerStart, _):
            return append(.slice(start: zip(start, innerStart).map { $0 + $1 }, size: size), graph[x].inputs[0])
        case .pad(let before, _):
            let inner = graph[x].inputs[0]
            let (extents, axes) = (graph[inner].shape, start.indices)
            if axes.contains(where: { start[$0] + size[$0] <= before[$0] || start[$0] >= before[$0] + extents[$0] }) {
                return full(0, node.shape)
            }
            let shifted = axes.map { start[$0] - before[$0] }
            guard axes.allSatisfy({ shifted[$0] >= 0 && shifted[$0] + size[$0] <= extents[$0] }) else { return nil }
            return append(.slice(start: shifted, size: size), inner)
        case .concatenate(let axis):
            var position = 0
            for part in graph[x].inputs {
                let end = position + graph[part].shape[axis]
                if start[axis] >= position, start[axis] + size[axis] <= end {
                    var start = start
                    start[axis] -= position
                    return append(.slice(start: start, size: size), part)
                }
                position = end
            }
            return nil
        case .broadcast(_, let axes):
            let inner = graph[x].inputs[0]
            let operand = graph[inner].shape
            let own = axes.indices.map { operand[$0] == 1 ? (0, 1) : (start[axes[$0]], size[axes[$0]]) }
            let slice = append(.slice(start: own.map(\.0), size: own.map(\.1)), inner)
            return append(.broadcast(node.shape, axes: axes), slice)
        default:
            return nil
        }
    }

    ///     pad by nothing → x     pad(pad(x)) → pad(x)
    mutating func simplifyPad(_ before: [Int], _ after: [Int], _ node: Node) -> NodeID? {
        let x = node.inputs[0]
        if graph[x].shape == node.shape { return x }
        guard case .pad(let innerBefore, let innerAfter) = graph[x].op else { return nil }
        let (all, ends) = (zip(before, innerBefore).map { $0 + $1 }, zip(after, innerAfter).map { $0 + $1 })
        return append(.pad(before: all, after: ends), graph[x].inputs[0])
    }

    ///     concatenate(x) → x     concatenate(concatenate(x, y), z) → concatenate(x, y, z)
    ///     concatenate of whole rows of x that follow each other → slice(x)
    mutating func simplifyConcatenate(_ axis: Int, _ node: Node) -> NodeID? {
        if node.inputs.count == 1 { return node.inputs[0] }
        if axis == 0, case .rows(let x, let start, let count) = graph.joined(node.inputs) {
            return graph.rows(of: x, from: start, count: count, origin: origin)
        }
        let parts = node.inputs.flatMap { graph[$0].op == node.op ? graph[$0].inputs : [$0] }
        return parts == node.inputs ? nil : graph.append(node.op, parts, origin: origin)
    }
}
