import Graph

/// Rules for sums and maxima over axes.
extension Builder {
    ///     sum over nothing → x                         sum over extents of 1 → reshape(x)
    ///     sum(sum(x)) → sum(x)                         sum(broadcast(x)) → n·sum(x)
    ///     sum(k·x) → k·sum(x)                          sum(−x) → −sum(x)
    ///     sum(x · broadcast(y)) → sum(x) · broadcast(y), where y is the same along the axes summed over
    ///     sum(reshape(x)) → reshape(sum(x)), where no group of axes is summed only in part
    mutating func simplifySum(_ axes: [Int], _ node: Node) -> NodeID? {
        let x = node.inputs[0]
        if let simpler = simplifyReduction(axes, node, { .reduceSum(axes: $0) }) { return simpler }
        if let (factor, inner) = graph.scaled(x) { return multiply(sum(inner, axes), by: factor) }
        if let inner = graph.argument(of: x, .negate) { return unary(.negate, sum(inner, axes)) }
        if let factored = factoredSum(axes, node) { return factored }
        guard let reduced = reducedBroadcast(axes, node, { .reduceSum(axes: $0) }) else { return nil }
        return multiply(reduced.result, by: Double(reduced.repetitions))
    }

    /// The sum of a product in which some factors are repeated along all axes that are summed over: the sum of the other
    /// factors, in the order of the graph so that equal sums are equal nodes, times these.
    private mutating func factoredSum(_ axes: [Int], _ node: Node) -> NodeID? {
        let factors = factors(of: node.inputs[0], along: axes, depth: 4)
        let summed = factors.filter { !isConstant($0, along: axes) }.sorted()
        guard !summed.isEmpty, summed.count < factors.count else { return nil }
        var result = sum(summed.dropFirst().reduce(summed[0]) { multiply($0, $1) }, axes)
        let remaining = (0..<graph[factors[0]].shape.rank).filter { !axes.contains($0) }
        for factor in factors where isConstant(factor, along: axes) {
            let (operand, places) = graph.stretched(factor)!
            let kept = places.map { remaining.firstIndex(of: $0)! }
            result = multiply(result, graph.broadcast(operand, to: node.shape, axes: kept, origin: origin))
        }
        return result
    }

    /// What is multiplied to give `id`; products within it are taken apart only where a factor is repeated along `axes`.
    private func factors(of id: NodeID, along axes: [Int], depth: Int) -> [NodeID] {
        guard depth > 0, let (a, b) = graph.arguments(of: id, .multiply) else { return [id] }
        let parts = factors(of: a, along: axes, depth: depth - 1) + factors(of: b, along: axes, depth: depth - 1)
        return parts.contains { isConstant($0, along: axes) } ? parts : [id]
    }

    /// True if `id` is a broadcast that repeats its elements along all of `axes`.
    private func isConstant(_ id: NodeID, along axes: [Int]) -> Bool {
        guard let (operand, places) = graph.stretched(id), !graph[operand].shape.dimensions.contains(1) else {
            return false
        }
        return !places.contains { axes.contains($0) }
    }

    ///     max over nothing → x     max over extents of 1 → reshape(x)     max(max(x)) → max(x)
    ///     max(broadcast(x)) → max(x)
    ///     max(reshape(x)) → reshape(max(x)), where no group of axes is reduced only in part
    mutating func simplifyMax(_ axes: [Int], _ node: Node) -> NodeID? {
        simplifyReduction(axes, node) { .reduceMax(axes: $0) }
            ?? reducedBroadcast(axes, node) { .reduceMax(axes: $0) }?.result
    }

    /// What holds for every reduction.
    private mutating func simplifyReduction(_ axes: [Int], _ node: Node, _ reduce: ([Int]) -> Op) -> NodeID? {
        let x = node.inputs[0]
        let shape = graph[x].shape
        if axes.allSatisfy({ shape[$0] == 1 }) { return reshape(x, node.shape) }
        if graph[x].op == reduce(reducedAxes(of: graph[x].op)) {
            let inner = reducedAxes(of: graph[x].op)
            let rank = shape.rank + inner.count
            let remaining = (0..<rank).filter { !inner.contains($0) }
            return append(reduce((inner + axes.map { remaining[$0] }).sorted()), graph[x].inputs[0])
        }
        guard case .reshape = graph[x].op else { return nil }
        let source = graph[x].inputs[0]
        var (sourceAxes, unitAxes): ([Int], [Int]) = ([], [])
        for block in reshapeBlocks(from: graph[source].shape, to: shape) {
            let proper = block.target.filter { shape[$0] != 1 }
            let reduced = proper.filter { axes.contains($0) }
            guard reduced.isEmpty || reduced == proper else { return nil }
            if block.target.isEmpty { unitAxes += block.source }
            if !reduced.isEmpty { sourceAxes += block.source }
        }
        // Extents of 1 that the reshape removed may as well be reduced, if that leaves no reshape to do.
        let all = (sourceAxes + unitAxes).sorted()
        if graph[source].shape.removing(axes: all) == node.shape { return append(reduce(all), source) }
        return reshape(append(reduce(sourceAxes), source), node.shape)
    }

    private func reducedAxes(of op: Op) -> [Int] {
        switch op {
        case .reduceSum(let axes), .reduceMax(let axes): axes
        default: []
        }
    }

    /// The reduction of a broadcast as a broadcast of a reduction, and how often each term is repeated.
    private mutating func reducedBroadcast(
        _ axes: [Int], _ node: Node, _ reduce: ([Int]) -> Op
    ) -> (result: NodeID, repetitions: Int)? {
        guard let (operand, places) = graph.stretched(node.inputs[0]),
            !graph[operand].shape.dimensions.contains(1)
        else { return nil }
        let shape = graph[node.inputs[0]].shape
        let repetitions = axes.filter { !places.contains($0) }.reduce(1) { $0 * shape[$1] }
        let own = places.indices.filter { axes.contains(places[$0]) }
        let inner = own.isEmpty ? operand : append(reduce(own), operand)
        let remaining = (0..<shape.rank).filter { !axes.contains($0) }
        let kept = places.filter { !axes.contains($0) }.map { remaining.firstIndex(of: $0)! }
        return (graph.broadcast(inner, to: node.shape, axes: kept, origin: origin), repetitions)
    }
}
