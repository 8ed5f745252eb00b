public import Graph

/// `x` where positive, else `alpha · (e^x − 1)`, of every element.
public struct ELU: Rectifier {
    let alpha: Double
    /// Where it was written.
    public let location: SourceLocation

    /// The layer, without parameters.
    public init(
        _ alpha: Double = 1, fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) {
        self.alpha = alpha
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "elu" }
    /// What the user wrote.
    public var summary: String { "ELU(\(alpha))" }

    /// The function of every element of `x`.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard alpha.isFinite, alpha >= 0 else {
            return context.mistake(.sizeOutOfRange, "\(summary): the number is finite and not negative", given: x)
        }
        return elu(x, alpha: alpha)
    }
}
