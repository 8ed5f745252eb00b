public import Graph

/// The mean of each window's pixels inside the image, for each channel: `[B, H, W, C]` gives `[B, H', W', C]`.
public struct AveragePool: Layer {
    let size: WindowSize
    /// Where it was written.
    public let location: SourceLocation

    /// The layer with square windows, by default side by side.
    public init(
        _ kernel: Int = 2, stride: Int? = nil, padding: Padding = .valid, fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        let stride = stride ?? kernel
        size = WindowSize(kernel: (kernel, kernel), stride: (stride, stride), padding: padding)
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "averagePool" }
    /// What the user wrote.
    public var summary: String {
        "AveragePool(\(size.kernel.height)\(size.stride == size.kernel ? "" : ", stride: \(size.stride.height)")"
            + "\(size.padding == .valid ? "" : ", padding: \(size.padding)"))"
    }

    /// The pooled images.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard let window = context.window(size, over: x, for: summary) else {
            return Tensor(mistakeIn: context.trace, guess: x.type)
        }
        return context.trace.emit(.averagePool(window), [x], "pool", at: location)
    }
}
