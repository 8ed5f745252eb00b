public import Graph

/// Dropout (Srivastava 2014): each element is 0 with probability `rate`, else multiplied by `1 / (1 − rate)`.
///
/// The mask is drawn anew for each application and dumped under the layer's name; a sampler drops nothing.
public struct Dropout: Layer {
    let rate: Double
    /// Where it was written.
    public let location: SourceLocation

    /// The layer that drops elements with probability `rate`.
    public init(_ rate: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.rate = rate
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "dropout" }
    /// What the user wrote.
    public var summary: String { "Dropout(\(rate))" }

    /// `x` with elements dropped, or `x` itself in a sampler.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard rate >= 0, rate < 1 else {
            return context.mistake(.sizeOutOfRange, "\(summary): the rate is 0 ..< 1", given: x)
        }
        guard rate > 0, context.isDisturbing else { return x }
        return x * context.random(.bernoulli(probability: 1 - rate, value: 1 / (1 - rate)), x.shape)
    }
}
