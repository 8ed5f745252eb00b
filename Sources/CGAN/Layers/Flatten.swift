public import Graph

/// One vector for each example: `[B, H, W, C]` gives `[B, H·W·C]`, row by row.
public struct Flatten: Layer {
    /// Where it was written.
    public let location: SourceLocation

    /// The layer, without parameters.
    public init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "flatten" }
    /// What the user wrote.
    public var summary: String { "Flatten()" }

    /// `x` as one vector for each example.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor { flatten(x) }
}
