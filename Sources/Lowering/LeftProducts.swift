extension Function {
    /// True if some kernels are left for the update.
    public var leavesProducts: Bool { kernels.contains(where: \.isLeft) }

    /// Leaves products that are gradients of weights for the update, which then computes them by bands of rows and updates
    /// each band's weights while its gradients are in the cache. In the product's place its operands are laid out.
    ///
    /// Which products gain by it is a matter of their shapes, as `templates/c/weight_update.c` computes them.
    ///
    /// - Parameter leaves: false to leave none.
    mutating func leaveProducts(_ leaves: Bool) {
        for index in kernels.indices { kernels[index].isLeft = leaves && canBeLeft(kernels[index]) }
    }

    /// Fewer rows than these make too few bands to share; and of so many, bands are as high as tiles or one row less
    /// (`weight_tiles` counts on it).
    private static let leastRows = 224
    /// Of fewer columns, a row is too short a stretch.
    private static let leastColumns = 128
    /// Terms, at most (`CGANC_LARGE_OPERAND` counts on it): of more, so much is multiplied for each weight that its update
    /// is no matter, and what was laid out has to come back to the cache.
    private static let mostTerms = 128
    /// Columns, at most: each band reads the whole right-hand operand, of 768 kilobytes in float.
    private static let mostColumns = 1536

    private func canBeLeft(_ kernel: Kernel) -> Bool {
        guard case .gradient = buffers[kernel.writes.index].storage, kernel.epilogue == nil, kernel.method == .tiles,
            case .matmul(let product) = kernel.body, product.transposeA, !product.transposeB,
            product.m >= Self.leastRows, (Self.leastColumns...Self.mostColumns).contains(product.n),
            product.terms <= Self.mostTerms
        else { return false }
        return kernel.reads.allSatisfy { buffers[root(of: $0).buffer.index].storage == .transient }
            && !kernels.contains { $0.reads.contains { overlap($0, kernel.writes) } }
    }
}
