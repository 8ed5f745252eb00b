import Graph

/// Simplifies matrix products of operands with a structure.
///
///     matmul(transpose(a), b) → matmul<Aᵀ>(a, b)
///     a [M, 1] · b [1, N] → broadcast(a) · broadcast(b)          an outer product: elementwise
///     a · broadcast(b), the same row K times → outer product of a's sums over K and b
///     a · broadcast(b), the same column N times → broadcast(a · b)
///     oneHot(i) · b → gatherRows(b, i)                           oneHot(i)ᵀ · b → scatterAddRows(b, i)
public let contractionSimplification = Pass(
    "contraction-simplification",
    rule: { build, node in
        guard case .matmul(let transposeA, let transposeB) = node.op else { return nil }
        let a = Factor(node.inputs[0], contracted: transposeA ? 0 : 1)
        let b = Factor(node.inputs[1], contracted: transposeB ? 1 : 0)
        return build.foldTranspose(a, b) ?? build.outerProduct(a, b) ?? build.contractRepeated(a, b, node)
            ?? build.lookUp(a, b, transposeA: transposeA, transposeB: transposeB)
    })

/// One operand of a matrix product.
private struct Factor {
    var id: NodeID
    /// The axis that is summed over.
    var contracted: Int
    /// The axis that stays.
    var free: Int { 1 - contracted }

    init(_ id: NodeID, contracted: Int) {
        self.id = id
        self.contracted = contracted
    }
}

extension Builder {
    private mutating func product(_ a: Factor, _ b: Factor) -> NodeID {
        append(.matmul(transposeA: a.contracted == 0, transposeB: b.contracted == 1), a.id, b.id)
    }

    /// The product with the transpositions of its operands as flags.
    fileprivate mutating func foldTranspose(_ a: Factor, _ b: Factor) -> NodeID? {
        let factors = [a, b].map { factor in
            guard case .transpose(permutation: [1, 0]) = graph[factor.id].op else { return factor }
            return Factor(graph[factor.id].inputs[0], contracted: factor.free)
        }
        return factors[0].id == a.id && factors[1].id == b.id ? nil : product(factors[0], factors[1])
    }

    /// The product of operands whose contracted extent is 1.
    fileprivate mutating func outerProduct(_ a: Factor, _ b: Factor) -> NodeID? {
        guard graph[a.id].shape[a.contracted] == 1 else { return nil }
        return outerProduct(ofVectors: a.id, b.id)
    }

    /// `a ⊗ b` of the elements of `a` and `b`.
    private mutating func outerProduct(ofVectors a: NodeID, _ b: NodeID) -> NodeID {
        let (m, n) = (graph[a].shape.count, graph[b].shape.count)
        let rows = append(.broadcast([m, n], axes: [0]), reshape(a, [m]))
        let columns = append(.broadcast([m, n], axes: [1]), reshape(b, [n]))
        return multiply(rows, columns)
    }

    /// The product where one operand repeats its elements along an axis.
    fileprivate mutating func contractRepeated(_ a: Factor, _ b: Factor, _ node: Node) -> NodeID? {
        for isFirst in [true, false] {
            let (factor, other) = isFirst ? (a, b) : (b, a)
            if isRepeated(factor.id, along: factor.contracted) {
                // All terms of one sum share this factor, so the other's can be summed first.
                let vector = edge(of: factor.id, along: factor.contracted)
                let sums = sum(other.id, [other.contracted])
                return isFirst ? outerProduct(ofVectors: vector, sums) : outerProduct(ofVectors: sums, vector)
            }
            if isRepeated(factor.id, along: factor.free) {
                let vector = edge(of: factor.id, along: factor.free)
                let (extent, axis) = (graph[vector].shape.count, isFirst ? 1 : 0)
                let row = reshape(vector, isFirst ? [1, extent] : [extent, 1])
                let small = isFirst ? product(Factor(row, contracted: 1), b) : product(a, Factor(row, contracted: 0))
                return append(.broadcast(node.shape, axes: [axis]), reshape(small, [node.shape[axis]]))
            }
        }
        return nil
    }

    /// True if `id` is a broadcast that repeats its elements along `axis`, more than once.
    private func isRepeated(_ id: NodeID, along axis: Int) -> Bool {
        guard graph[id].shape[axis] > 1, case .broadcast(_, let axes) = graph[id].op else { return false }
        guard let own = axes.firstIndex(of: axis) else { return true }
        return graph[graph[id].inputs[0]].shape[own] == 1
    }

    /// The elements of the broadcast `id` at one position of `axis`, along which it repeats them.
    private mutating func edge(of id: NodeID, along axis: Int) -> NodeID {
        let other = graph[id].shape[1 - axis]
        let operand = graph[id].inputs[0]
        return graph[operand].shape.count == other
            ? reshape(operand, [other]) : append(.broadcast([other], axes: []), reshape(operand, .scalar))
    }

    /// A product with a one-hot matrix as a choice or an addition of rows.
    fileprivate mutating func lookUp(_ a: Factor, _ b: Factor, transposeA: Bool, transposeB: Bool) -> NodeID? {
        guard case .oneHot(let classes) = graph[a.id].op, !transposeB else { return nil }
        let index = graph[a.id].inputs[0]
        return transposeA ? append(.scatterAddRows(count: classes), b.id, index) : append(.gatherRows, b.id, index)
    }
}
