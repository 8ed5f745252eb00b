public import Graph

/// A transposed convolution: from images `[B, H, W, I]` to larger ones `[B, H', W', channels]`.
///
/// It is the adjoint of the ``Conv`` that leads from its result back to its operand. With `.same` padding
/// `H' = stride · H`; with `.valid` or explicit padding `H' = stride · (H − 1) + kernel − padding`.
/// Parameters: `weight [kernel height, kernel width, channels, I]` (`HWOI`: that convolution's `HWIO`) and, unless
/// `bias` is false, `bias [channels]`, which begins as 0.
public struct ConvTranspose: Layer {
    let channels: Int
    let size: WindowSize
    let bias: Bool
    let initializer: Initializer?
    /// Where it was written.
    public let location: SourceLocation

    /// A layer of `channels` results for each pixel, with square windows.
    ///
    /// - Parameter initializer: how the weights begin; by default Gaussian of deviation `√(2/n)` before a rectifier and
    ///   `√(1/n)` elsewhere, for the `n = kernel² · I / stride²` products that add up to one pixel.
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
    public var stem: String { "convTranspose" }
    /// What the user wrote.
    public var summary: String { "ConvTranspose(\(channels), \(size.summary)\(bias ? "" : ", bias: false"))" }

    /// The transposed convolution of `x`, plus the bias.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard context.isImage(x, for: summary), context.check(size, given: x),
            context.check(channels: channels, given: x)
        else { return Tensor(mistakeIn: context.trace, guess: x.type) }
        let (height, width) = outputSize(height: x.shape[1], width: x.shape[2])
        guard height > 0, width > 0 else {
            return context.mistake(
                .layerDoesNotFit, "\(summary) of images \(x.type) would give \(height)x\(width) pixels", given: x,
                help: "use less padding, or .same")
        }
        let window = size.window(height: height, width: width)
        let taps = max(window.kernelHeight * window.kernelWidth / (window.strideHeight * window.strideWidth), 1)
        let weight = context.parameter(
            "weight", [window.kernelHeight, window.kernelWidth, channels, x.shape[3]], layout: "HWOI",
            from: initializer ?? context.weights(fanIn: taps * x.shape[3]))
        let result = context.trace.emit(
            .convolutionInputGradient(window, height: height, width: width), [x, weight], "convTranspose",
            at: location, guess: TensorType([x.shape[0], height, width, channels]))
        return bias ? context.addBias(to: result) : result
    }

    /// The extents of the result for an operand of `height × width`.
    func outputSize(height: Int, width: Int) -> (height: Int, width: Int) {
        switch size.padding {
        case .same: (height * size.stride.height, width * size.stride.width)
        case .valid:
            (
                (height - 1) * size.stride.height + size.kernel.height,
                (width - 1) * size.stride.width + size.kernel.width
            )
        case .explicit(let top, let bottom, let left, let right):
            (
                (height - 1) * size.stride.height + size.kernel.height - top - bottom,
                (width - 1) * size.stride.width + size.kernel.width - left - right
            )
        }
    }
}
