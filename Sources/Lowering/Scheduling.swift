extension Function {
    /// Orders the kernels so that buffers die early: of the kernels whose operands are ready, the one that frees the
    /// most memory runs next; among equals, the one that stood first.
    ///
    /// - Complexity: quadratic in the number of kernels.
    mutating func schedule() {
        // Memory is counted by whole buffers, dependencies by the stretches that overlap.
        let roots = buffers.indices.map { root(of: BufferID($0)).buffer.index }
        let overlaps = overlaps()
        var writers = [[Int]](repeating: [], count: buffers.count)
        for (index, kernel) in kernels.enumerated() {
            for buffer in overlaps[kernel.writes.index] { writers[buffer.index].append(index) }
        }
        let rootsRead = kernels.map { kernel in Set(kernel.reads.map { roots[$0.index] }) }
        var pendingReaders = [Int](repeating: 0, count: buffers.count)
        for reads in rootsRead { for root in reads { pendingReaders[root] += 1 } }
        let sources = kernels.map { kernel in Set(kernel.reads.flatMap { writers[$0.index] }).sorted() }
        var waitsFor = sources.map(\.count)
        var followers = [[Int]](repeating: [], count: kernels.count)
        for (index, list) in sources.enumerated() { for writer in list { followers[writer].append(index) } }
        var allocated = [Bool](repeating: false, count: buffers.count)
        var ready = kernels.indices.filter { waitsFor[$0] == 0 }
        var order: [Int] = []

        func size(_ root: Int) -> Int {
            buffers[root].storage == .transient ? buffers[root].type.shape.count : 0
        }
        func growth(_ index: Int) -> Int {
            let target = roots[kernels[index].writes.index]
            var elements = allocated[target] ? 0 : size(target)
            for root in rootsRead[index] where pendingReaders[root] == 1 { elements -= size(root) }
            return elements
        }
        while !ready.isEmpty {
            // Once memory does not grow, the written order is kept.
            let best = ready.min { (growth($0).clampedToGrowth, $0) < (growth($1).clampedToGrowth, $1) }!
            ready.removeAll { $0 == best }
            order.append(best)
            allocated[roots[kernels[best].writes.index]] = true
            for root in rootsRead[best] { pendingReaders[root] -= 1 }
            for follower in followers[best] {
                waitsFor[follower] -= 1
                if waitsFor[follower] == 0 { ready.append(follower) }
            }
        }
        precondition(order.count == kernels.count, "kernels of \(name) wait for each other")
        kernels = order.map { kernels[$0] }
    }
}

extension Int {
    /// The growth of memory in steps of a few thousand elements, so that small differences do not reorder kernels.
    fileprivate var clampedToGrowth: Int { self >= 0 ? self >> 12 : -((-self) >> 12) }
}
