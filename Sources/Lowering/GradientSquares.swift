extension Function {
    /// The gradient whose squares `kernel` takes, part by part while they lie in the cache: its trained tensor, and its
    /// columns. Nil if it is looked through for them before the update, or if the kernel computes none.
    ///
    /// `squares_of_part` in `templates/c/norms.c` asks for parts whose rows follow from the shape alone, as those of a
    /// transposed product by tiles do, and for so many rows that each column finds its places.
    public func squaredGradient(of kernel: Kernel) -> (tensor: String, columns: Int)? {
        guard case .gradient(let tensor) = buffers[kernel.writes.index].storage, kernel.epilogue == nil, !kernel.isLeft,
            case .matmul(let product) = kernel.body, kernel.method?.callsBLAS != true,
            product.transposeA, product.n > 1, product.terms > 1, product.m >= Self.leastRows
        else { return nil }
        return (tensor, product.n)
    }

    /// `SQUARES_STRETCH` in `templates/c/norms.c`.
    private static let leastRows = 64
}
