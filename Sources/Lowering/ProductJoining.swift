import Graph

extension Matmul {
    /// Terms of each element of the result.
    public var terms: Int { k + more }
}

extension Function {
    /// Adds two products of transposed matrices up in one kernel, which writes their sum once: the weight gradient of a
    /// dense layer where a loss and a penalty reach it by different batches.
    ///
    ///     %a = matmul<m x k1 x n Aᵀ>(A, B)
    ///     %b = matmul<m x k2 x n Aᵀ>(C, D)       →        %y = matmul<m x (k1 + k2) x n Aᵀ>(A, B, C, D)
    ///     %y = map(i: %a[i] + %b[i])
    ///
    /// - Complexity: quadratic in the number of kernels.
    mutating func joinProducts() {
        var removed = Set<Int>()
        for sum in kernels.indices {
            guard let (a, b) = summands(of: sum), let first = product(read: a, by: sum),
                let second = product(read: b, by: sum), first.place != second.place,
                first.matmul.m == second.matmul.m, first.matmul.n == second.matmul.n
            else { continue }
            var joined = first.matmul
            joined.more = second.matmul.k
            // Where the sum stood, all operands are there.
            kernels[sum].body = .matmul(joined)
            kernels[sum].reads = kernels[first.place].reads + kernels[second.place].reads
            removed.formUnion([first.place, second.place])
        }
        kernels = kernels.indices.filter { !removed.contains($0) }.map { kernels[$0] }
    }

    /// The buffers that kernel `index` adds up, element by element, if that is all it does.
    private func summands(of index: Int) -> (BufferID, BufferID)? {
        guard case .loops(let nest) = kernels[index].body, nest.extents.count == 1, nest.body.count == 3,
            nest.result == 2, case .binary(.add, 0, 1) = nest.body[2],
            case .load(let a, let guardsOfA) = nest.body[0], case .load(let b, let guardsOfB) = nest.body[1],
            guardsOfA.isEmpty, guardsOfB.isEmpty,
            [a.element, b.element, nest.store.element].allSatisfy({ $0 == Affine(terms: [1]) }),
            buffers[nest.store.buffer.index].type.shape.count == nest.extents[0]
        else { return nil }
        return (a.buffer, b.buffer)
    }

    /// The product of a transposed and a plain matrix that alone writes `buffer`, if only kernel `reader` reads it.
    private func product(read buffer: BufferID, by reader: Int) -> (place: Int, matmul: Matmul)? {
        guard buffers[buffer.index].storage == .transient, overlaps()[buffer.index] == [buffer] else { return nil }
        let writers = kernels.indices.filter { kernels[$0].writes == buffer }
        let readers = kernels.indices.filter { kernels[$0].reads.contains(buffer) }
        guard writers.count == 1, readers == [reader], case .matmul(let matmul) = kernels[writers[0]].body,
            matmul.transposeA, !matmul.transposeB, matmul.more == 0, matmul.n > 1, matmul.k > 1
        else { return nil }
        return (writers[0], matmul)
    }
}
