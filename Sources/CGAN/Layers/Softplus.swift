public import Graph

/// `log(1 + e^x)`, of every element.
public struct Softplus: Rectifier {
    /// Where it was written.
    public let location: SourceLocation

    /// The layer, without parameters.
    public init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "softplus" }
    /// What the user wrote.
    public var summary: String { "Softplus()" }

    /// The function of every element of `x`.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor { softplus(x) }
}
