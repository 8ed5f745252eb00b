import Graph

/// One call of an emitted step.
public struct Kernel: Sendable {
    /// A C identifier, unique within the emitted file.
    public var name: String
    /// Where the work comes from, the result's origin first.
    public var origins: [Origin]
    /// The result's type.
    public var type: TensorType
    /// What is done.
    public var body: Body
    /// Buffers read, in order of first use.
    public var reads: [BufferID]
    /// The buffer written.
    public var writes: BufferID
    /// What is done to a contraction's result on the way to memory.
    public var epilogue: Epilogue?
    /// How a contraction is computed; nil for other kernels.
    public var method: Method?
    /// True for the gradient of weights that the update computes, band by band, beside its own work.
    public internal(set) var isLeft = false
    /// What the methods took where they were measured.
    public var measurements: [Tuning.Measurement] = []

    /// The kinds of kernel.
    public enum Body: Sendable {
        /// Fused elementwise arithmetic, possibly reduced.
        case loops(LoopNest)
        /// A product of two matrices.
        case matmul(Matmul)
        /// One of the convolution triple.
        case convolution(ConvolutionKind, Convolution)
        /// A pooling, or its adjoint.
        case pooling(PoolingKind, Convolution)
        /// `table`, `index` to rows.
        case gatherRows(count: Int, width: Int)
        /// `rows`, `index` to a table.
        case scatterAddRows(count: Int, width: Int, rows: Int)
        /// Labels to rows with a single 1.
        case oneHot(count: Int, classes: Int)
        /// The first maximum along the middle of three axes.
        case argmax(outer: Int, extent: Int, inner: Int)
        /// Random numbers, as draw `number` of the phase.
        case draw(Draw, number: Int)
        /// The step's real examples, gathered and scaled.
        case gatherImages
        /// The step's labels, gathered and checked.
        case gatherLabels
    }
}

/// `C [m, n] = op(A) · op(B)`; `A` is stored `[m, k]`, or `[k, m]` if transposed, `B` likewise.
public struct Matmul: Hashable, Sendable {
    /// Rows of the result, columns of the result, contracted extent.
    public var m, n, k: Int
    /// Whether an operand is stored transposed.
    public var transposeA, transposeB: Bool
    /// The contracted extent of a second product, of operands stored alike, that is added to the first; 0 for none.
    public var more = 0
}

/// The members of the convolution triple.
public enum ConvolutionKind: String, Hashable, Sendable { case forward, inputGradient, weightGradient }

/// The members of the pooling families.
public enum PoolingKind: String, Hashable, Sendable {
    case average, averageGradient, maximumIndex, gather, scatter
}

/// The extents of a convolution or pooling, all that its kernel needs to know.
public struct Convolution: Hashable, Sendable {
    /// Images of `[batch, height, width, channels]`.
    public var batch, height, width, channels: Int
    /// Results of `[batch, outHeight, outWidth, outChannels]`.
    public var outHeight, outWidth, outChannels: Int
    /// Kernel, strides, padding.
    public var window: Window
}

extension Kernel {
    /// Multiplications and additions of the kernel's contraction, 0 for other kernels.
    public var contractionFLOPs: Int {
        switch body {
        case .matmul(let product): 2 * product.m * product.n * (product.k + product.more)
        case .convolution(_, let c):
            2 * c.batch * c.outHeight * c.outWidth * c.outChannels * c.channels * c.window.kernelHeight
                * c.window.kernelWidth
        default: 0
        }
    }
}
