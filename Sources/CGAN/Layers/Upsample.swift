public import Graph

/// Images made larger by repeating every pixel `factor × factor` times (nearest neighbour).
public struct Upsample: Layer {
    let factor: Int
    /// Where it was written.
    public let location: SourceLocation

    /// The layer that repeats pixels `factor` times in both directions.
    public init(_ factor: Int = 2, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.factor = factor
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "upsample" }
    /// What the user wrote.
    public var summary: String { "Upsample(\(factor))" }

    /// `x` with every pixel repeated.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard context.isImage(x, for: summary) else { return Tensor(mistakeIn: context.trace, guess: x.type) }
        guard (1...256).contains(factor) else {
            return context.mistake(.sizeOutOfRange, "\(summary): the factor is 1 ... 256", given: x)
        }
        return context.upsampled(x, by: (factor, factor))
    }
}
