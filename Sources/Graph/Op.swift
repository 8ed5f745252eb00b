/// The closed set of operations. Every facet (shape, vector–Jacobian product, reference value, lowering) is one
/// exhaustive `switch` over it.
public enum Op: Hashable, Codable, Sendable {
    // MARK: Leaves
    /// A scalar known when compiling.
    case constant(Double)
    /// The trained or kept tensor called `name`.
    case parameter(name: String, Shape)
    /// A tensor given from outside: images, labels, latents.
    case input(name: String, TensorType)
    /// Random numbers.
    case random(Draw, Shape)

    // MARK: Elementwise
    case unary(UnaryFunction)
    case binary(BinaryFunction)
    /// Three inputs: the second where the first is not zero, else the third.
    case select

    // MARK: Shape
    case reshape(Shape)
    /// Result axis `i` is operand axis `permutation[i]`.
    case transpose(permutation: [Int])
    /// Operand axis `i` becomes result axis `axes[i]` (ascending); an operand extent of 1 may be stretched.
    case broadcast(Shape, axes: [Int])
    case slice(start: [Int], size: [Int])
    /// Zeros before and after along each axis.
    case pad(before: [Int], after: [Int])
    case concatenate(axis: Int)

    // MARK: Reductions (the axes are removed)
    case reduceSum(axes: [Int])
    case reduceMax(axes: [Int])

    // MARK: Contractions
    /// `op(A) · op(B)` over two axes, where `op` transposes if asked to.
    case matmul(transposeA: Bool, transposeB: Bool)
    /// `x [N, H, W, I]`, `w [KH, KW, I, O]` to `[N, H', W', O]`.
    case convolution(Window)
    /// Cotangent `[N, H', W', O]` and `w` to `[N, H, W, I]`: also the transposed convolution.
    case convolutionInputGradient(Window, height: Int, width: Int)
    /// `x` and cotangent `[N, H', W', O]` to `[KH, KW, I, O]`.
    case convolutionWeightGradient(Window)

    // MARK: Indexing
    /// `table [R, ...]` and `index [N]` to `[N, ...]`.
    case gatherRows
    /// `rows [N, ...]` and `index [N]` to `[count, ...]`, adding rows that share an index.
    case scatterAddRows(count: Int)
    /// `index [N]` to `[N, classes]`.
    case oneHot(classes: Int)
    /// The position of the first maximum along `axis`, which is removed.
    case argmax(axis: Int)
    /// `x [N, H, W, C]` to the flat position `h·W + w` of each window's first maximum, `index [N, H', W', C]`.
    case maxPoolIndex(Window)
    /// `x [N, H, W, C]` and flat positions `[N, H', W', C]` to the values there.
    case gatherIndex
    /// The adjoint of ``gatherIndex``: adds `[N, H', W', C]` into `[N, height, width, C]`.
    case scatterIndex(height: Int, width: Int)

    // MARK: Pooling
    /// The mean over each window's pixels inside the image.
    case averagePool(Window)
    /// The adjoint of ``averagePool(_:)`` for an image of `height × width`.
    case averagePoolGradient(Window, height: Int, width: Int)

    // MARK: Differentiation
    /// The identity, through which no gradient flows.
    case stopGradient
    /// The gradient of the sum of the first input with respect to the second; expanded by `Differentiation`.
    case gradient

    /// An operation with a definition in terms of the others; decomposed before differentiation.
    case composite(Composite)
}

extension Op {
    /// True where equal inputs always give the same output and the node is an elementwise arithmetic function.
    public var isElementwise: Bool {
        switch self {
        case .unary, .binary, .select: true
        default: false
        }
    }

    /// True for matrix products and the convolution triple, where nearly all arithmetic is.
    public var isContraction: Bool {
        switch self {
        case .matmul, .convolution, .convolutionInputGradient, .convolutionWeightGradient: true
        default: false
        }
    }

    /// True for nodes without inputs.
    public var isLeaf: Bool {
        switch self {
        case .constant, .parameter, .input, .random: true
        default: false
        }
    }
}
