public import Graph

/// A convolution: from images `[B, H, W, I]` to `[B, H', W', channels]`.
///
/// Parameters: `weight [kernel height, kernel width, I, channels]` (`HWIO`) and, unless `bias` is false,
/// `bias [channels]`, which begins as 0.
public struct Conv: Layer {
    let channels: Int
    let size: WindowSize
    let bias: Bool
    let initializer: Initializer?
    /// Where it was written.
    public let location: SourceLocation

    /// A layer of `channels` results for each pixel, with square windows.
    ///
    /// - Parameter initializer: how the weights begin; by default Gaussian of deviation `√(2/n)` before a rectifier and
    ///   `√(1/n)` elsewhere, for `n = kernel² · I`.
    public init(
        _ channels: Int, kernel: Int, stride: Int = 1, padding: Padding = .same, bias: Bool = true,
        initializer: Initializer? = nil, fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) {
        self.init(
            channels, kernel: (kernel, kernel), stride: (stride, stride), padding: padding, bias: bias,
            initializer: initializer, fileID: fileID, line: line, column: column)
    }

    /// A layer of `channels` results for each pixel, with windows of `kernel` rows and columns.
    public init(
        _ channels: Int, kernel: (height: Int, width: Int), stride: (height: Int, width: Int) = (1, 1),
        padding: Padding = .same, bias: Bool = true, initializer: Initializer? = nil, fileID: String = #fileID,
        line: Int = #line, column: Int = #column
    ) {
        self.channels = channels
        self.size = WindowSize(kernel: kernel, stride: stride, padding: padding)
        self.bias = bias
        self.initializer = initializer
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "conv" }
    /// What the user wrote.
    public var summary: String { "Conv(\(channels), \(size.summary)\(bias ? "" : ", bias: false"))" }

    /// The convolution of `x`, plus the bias.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard let window = context.window(size, over: x, for: summary), context.check(channels: channels, given: x)
        else { return Tensor(mistakeIn: context.trace, guess: x.type) }
        let weight = context.parameter(
            "weight", [window.kernelHeight, window.kernelWidth, x.shape[3], channels], layout: "HWIO",
            from: initializer ?? context.weights(fanIn: window.kernelHeight * window.kernelWidth * x.shape[3]))
        let result = context.trace.emit(.convolution(window), [x, weight], "conv", at: location)
        return bias ? context.addBias(to: result) : result
    }
}
