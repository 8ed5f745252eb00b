public import Graph

/// A fully connected layer: `x · W + b`, from `[B, …]` to `[B, units]`.
///
/// An operand with more than two axes is flattened for each example, so that `Dense(1)` can follow a convolution.
/// Parameters: `weight [in, out]` and, unless `bias` is false, `bias [out]`, which begins as 0.
public struct Dense: Layer {
    let units: Int
    let bias: Bool
    let initializer: Initializer?
    /// Where it was written.
    public let location: SourceLocation

    /// A layer with `units` results for each example.
    ///
    /// - Parameter initializer: how the weights begin; by default uniform of limit `√(6 / (in + units))` (Glorot
    ///   2010).
    public init(
        _ units: Int, bias: Bool = true, initializer: Initializer? = nil, fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        self.units = units
        self.bias = bias
        self.initializer = initializer
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "dense" }
    /// What the user wrote.
    public var summary: String { "Dense(\(units)\(bias ? "" : ", bias: false"))" }

    /// `x · W + b`.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard units > 0, x.rank > 0 else {
            return context.mistake(.sizeOutOfRange, "a dense layer of \(units) units for \(x.type)", given: x)
        }
        let x = flatten(x)
        let inputs = x.rank == 1 ? 1 : x.shape[1]
        let weight = context.parameter(
            "weight", [inputs, units], layout: "in,out",
            from: initializer ?? context.weights(fanIn: inputs, fanOut: units))
        let product = context.trace.emit(
            .matmul(transposeA: false, transposeB: false), [reshape(x, to: [x.shape[0], inputs]), weight], "dense",
            at: location, guess: TensorType([x.shape[0], units]))
        return bias ? context.addBias(to: product) : product
    }
}

extension LayerContext {
    /// `x` plus the trained `bias` of its last axis.
    func addBias(to x: Tensor) -> Tensor {
        let bias = parameter("bias", [x.shape[x.rank - 1]], layout: "channel", from: .constant(0))
        return x + perChannel(bias, like: x)
    }

    /// `values [C]` repeated over all axes of `x` but the last, which has extent `C`.
    func perChannel(_ values: Tensor, like x: Tensor) -> Tensor {
        trace.emit(
            .broadcast(x.type.shape, axes: [x.rank - 1]), [values], "stretch", at: location, guess: x.type)
    }
}
