extension Function {
    /// Orders the kernels so that buffers die early: of the kernels whose operands are ready, the one that frees the
    /// most memory runs next; among equals, the one that stood first.
    ///
    /// - Complexity: quadratic in the number of kernels.
    mutating func schedule() {
        var writers = [[Int]](repeating: [], count: buffers.count)
        for (index, kernel) in kernels.enumerated() { writers[kernel.writes.index].append(index) }
        var pendingReaders = [Int](repeating: 0, count: buffers.count)
        for kernel in kernels { for buffer in Set(kernel.reads) { pendingReaders[buffer.index] += 1 } }
        var waitsFor = kernels.map { kernel in Set(kernel.reads.flatMap { writers[$0.index] }).count }
        var followers = [[Int]](repeating: [], count: kernels.count)
        for (index, kernel) in kernels.enumerated() {
            for writer in Set(kernel.reads.flatMap({ writers[$0.index] })).sorted() { followers[writer].append(index) }
        }
        var allocated = [Bool](repeating: false, count: buffers.count)
        var ready = kernels.indices.filter { waitsFor[$0] == 0 }
        var order: [Int] = []

        func growth(_ index: Int) -> Int {
            let kernel = kernels[index]
            var bytes = 0
            if buffers[kernel.writes.index].storage == .transient, !allocated[kernel.writes.index] {
                bytes += buffers[kernel.writes.index].type.shape.count
            }
            for buffer in Set(kernel.reads) where pendingReaders[buffer.index] == 1 {
                if buffers[buffer.index].storage == .transient { bytes -= buffers[buffer.index].type.shape.count }
            }
            return bytes
        }
        while !ready.isEmpty {
            // Once memory does not grow, the written order is kept.
            let best = ready.min { (growth($0).clampedToGrowth, $0) < (growth($1).clampedToGrowth, $1) }!
            ready.removeAll { $0 == best }
            order.append(best)
            allocated[kernels[best].writes.index] = true
            for buffer in Set(kernels[best].reads) { pendingReaders[buffer.index] -= 1 }
            for follower in followers[best] {
                waitsFor[follower] -= 1
                if waitsFor[follower] == 0 { ready.append(follower) }
            }
        }
        kernels = order.map { kernels[$0] }
    }
}

extension Int {
    /// The growth of memory in steps of a few thousand elements, so that small differences do not reorder kernels.
    fileprivate var clampedToGrowth: Int { self >= 0 ? self >> 12 : -((-self) >> 12) }
}
