public import Graph

/// `x` where positive, else `slope · x`, of every element.
public struct LeakyReLU: Rectifier {
    let slope: Double
    /// Where it was written.
    public let location: SourceLocation

    /// The layer, without parameters.
    public init(
        _ slope: Double = 0.2, fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) {
        self.slope = slope
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "leakyReLU" }
    /// What the user wrote.
    public var summary: String { "LeakyReLU(\(slope))" }

    /// The function of every element of `x`.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard slope.isFinite, slope >= 0 else {
            return context.mistake(.sizeOutOfRange, "\(summary): the number is finite and not negative", given: x)
        }
        return leakyReLU(x, slope: slope)
    }
}
