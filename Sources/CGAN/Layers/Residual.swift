public import Graph

/// `f(x) + x` (He 2016), `f` being the layers in braces.
///
/// Where `f` changes the shape, `x` is carried over by a learned projection without bias, called
/// `<network>.shortcut1.weight`: for images an average pooling by the stride (if `f` makes them smaller) or a nearest
/// upsampling (if larger) and a 1×1 convolution, for vectors a matrix.
public struct Residual: Layer {
    /// The layers in braces.
    public let parts: [any Layer]
    /// Where it was written.
    public let location: SourceLocation

    /// The block of the layers in braces.
    public init(
        @NetworkBuilder _ layers: () -> Network, fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) {
        parts = layers().layers
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "residual" }
    /// What the user wrote.
    public var summary: String { "Residual { … }" }

    /// `f(x)` plus `x`, projected if need be.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        let result = context.apply(parts, to: x, next: context.next)
        guard result.node != nil else { return result }
        if result.shape == x.shape { return x + result }
        guard let shortcut = shortcut(of: x, to: result, in: context) else {
            return context.mistake(
                .layerDoesNotFit, "a residual block leads from \(x.type) to \(result.type), which no shortcut joins",
                given: result, help: "let height and width stay, or change by a whole factor")
        }
        return shortcut + result
    }

    /// `x` in the shape of `result`; nil if the extents are no whole factor apart.
    private func shortcut(of x: Tensor, to result: Tensor, in context: LayerContext) -> Tensor? {
        guard x.rank == result.rank, x.shape[0] == result.shape[0] else { return nil }
        let shortcut = LayerContext(
            trace: context.trace, application: context.application,
            name: context.application.nextName("shortcut"), location: location, next: nil)
        if x.rank == 2 {
            let weight = shortcut.parameter(
                "weight", [x.shape[1], result.shape[1]], layout: "in,out",
                from: shortcut.weights(fanIn: x.shape[1], fanOut: result.shape[1]))
            return context.trace.emit(
                .matmul(transposeA: false, transposeB: false), [x, weight], "shortcut", at: location,
                guess: result.type)
        }
        guard x.rank == 4, let resized = context.resized(x, height: result.shape[1], width: result.shape[2]) else {
            return nil
        }
        if resized.shape[3] == result.shape[3] { return resized }
        let weight = shortcut.parameter(
            "weight", [1, 1, x.shape[3], result.shape[3]], layout: "HWIO", from: shortcut.weights(fanIn: x.shape[3]))
        return context.trace.emit(
            .convolution(Window(kernel: (1, 1), stride: (1, 1), padding: (0, 0, 0, 0))), [resized, weight],
            "shortcut", at: location, guess: result.type)
    }
}

extension LayerContext {
    /// Images averaged down or repeated up by whole factors; nil if the factors are not whole.
    func resized(_ x: Tensor, height: Int, width: Int) -> Tensor? {
        let (rows, columns) = (x.shape[1], x.shape[2])
        if rows == height, columns == width { return x }
        if height <= rows, width <= columns {
            guard rows % height == 0, columns % width == 0 else { return nil }
            let factor = (height: rows / height, width: columns / width)
            return trace.emit(
                .averagePool(Window(kernel: factor, stride: factor, padding: (0, 0, 0, 0))), [x], "pool", at: location)
        }
        guard height % rows == 0, width % columns == 0 else { return nil }
        return upsampled(x, by: (height / rows, width / columns))
    }

    /// Images with every pixel repeated.
    func upsampled(_ x: Tensor, by factor: (height: Int, width: Int)) -> Tensor {
        let (batch, rows, columns, channels) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
        let apart = reshape(x, to: [batch, rows, 1, columns, 1, channels])
        let repeated = apart.stretched(to: [batch, rows, factor.height, columns, factor.width, channels])
        return reshape(repeated, to: [batch, rows * factor.height, columns * factor.width, channels])
    }
}
