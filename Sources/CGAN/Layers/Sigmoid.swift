public import Graph

/// `1 / (1 + e^−x)`: a probability of each logit, of every element.
public struct Sigmoid: Layer {
    /// Where it was written.
    public let location: SourceLocation

    /// The layer, without parameters.
    public init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "sigmoid" }
    /// What the user wrote.
    public var summary: String { "Sigmoid()" }

    /// The function of every element of `x`.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor { sigmoid(x) }
}
