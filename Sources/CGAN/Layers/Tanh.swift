public import Graph

/// The hyperbolic tangent, which keeps images within `-1 ... 1`, of every element.
public struct Tanh: Layer {
    /// Where it was written.
    public let location: SourceLocation

    /// The layer, without parameters.
    public init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "tanh" }
    /// What the user wrote.
    public var summary: String { "Tanh()" }

    /// The function of every element of `x`.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor { tanh(x) }
}
