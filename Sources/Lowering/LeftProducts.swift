extension Function {
    /// True if some kernels, the last ones, are left for the update.
    public var leavesProducts: Bool { kernels.contains(where: \.isLeft) }

    /// Leaves products that are gradients of weights for the update, which then computes them by bands of rows and updates
    /// each band's weights while its gradients are in the cache: they run last, after all kernels that read the weights.
    ///
    /// Which products gain by it is a matter of their shapes, as `templates/c/weight_update.c` computes them.
    ///
    /// - Parameter leaves: false to leave none.
    mutating func leaveProducts(_ leaves: Bool) {
        for index in kernels.indices { kernels[index].isLeft = leaves && canBeLeft(kernels[index]) }
        kernels = kernels.filter { !$0.isLeft } + kernels.filter(\.isLeft)
    }

    /// Fewer rows than these make too few bands to share.
    private static let leastRows = 224
    /// Of fewer columns, a row is too short a stretch.
    private static let leastColumns = 128
    /// Terms, at most: with `CGANC_LARGE_OPERAND` they bound what a gradient can be.
    private static let mostTerms = 2048
    /// Reals of the right-hand operand, at most, since each band reads all of them: a mebibyte of floats.
    private static let mostReals = 1 << 18

    private func canBeLeft(_ kernel: Kernel) -> Bool {
        guard case .gradient = buffers[kernel.writes.index].storage, kernel.epilogue == nil, kernel.method == .tiles,
            case .matmul(let product) = kernel.body, product.transposeA, !product.transposeB,
            product.m >= Self.leastRows, product.n >= Self.leastColumns, product.terms <= Self.mostTerms,
            product.terms * product.n <= Self.mostReals
        else { return false }
        return kernel.reads.allSatisfy { buffers[root(of: $0).buffer.index].storage == .transient }
            && !kernels.contains { $0.reads.contains { overlap($0, kernel.writes) } }
    }
}
