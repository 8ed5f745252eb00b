public import Graph

/// The mean over all pixels, for each channel: `[B, H, W, C]` gives `[B, C]`.
public struct GlobalAveragePool: Layer {
    /// Where it was written.
    public let location: SourceLocation

    /// The layer, without parameters.
    public init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "globalAveragePool" }
    /// What the user wrote.
    public var summary: String { "GlobalAveragePool()" }

    /// The mean over height and width.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard context.isImage(x, for: summary) else { return Tensor(mistakeIn: context.trace, guess: x.type) }
        return mean(x, over: [1, 2])
    }
}
