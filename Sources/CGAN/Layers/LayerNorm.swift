public import Graph

/// Layer normalisation (Ba 2016): `(x − mean) / √(variance + ε) · scale + offset` with mean and biased variance over
/// all axes of each example; scale and offset belong to the channels (the last axis).
///
/// Examples stay apart, so it may stand in a critic with a gradient penalty, where ``BatchNorm`` may not.
/// Parameters: `scale` (begins as 1), `offset` (0).
public struct LayerNorm: Layer {
    let epsilon: Double
    /// Where it was written.
    public let location: SourceLocation

    /// The layer with `epsilon` under the root.
    public init(epsilon: Double = 1e-5, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.epsilon = epsilon
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "layerNorm" }
    /// What the user wrote.
    public var summary: String { epsilon == 1e-5 ? "LayerNorm()" : "LayerNorm(epsilon: \(epsilon))" }

    /// The normalised operand, scaled and offset for each channel.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard x.rank >= 2, epsilon > 0, epsilon.isFinite else {
            return context.mistake(.sizeOutOfRange, "\(summary) of \(x.type): epsilon is positive", given: x)
        }
        let channels = [x.shape[x.rank - 1]]
        let scale = context.parameter("scale", channels, layout: "channel", from: .constant(1))
        let offset = context.parameter("offset", channels, layout: "channel", from: .constant(0))
        let normalised = context.trace.emit(
            .composite(.normalize(axes: Array(1..<x.rank), epsilon: epsilon)), [x], "normalize", at: location)
        return normalised * context.perChannel(scale, like: x) + context.perChannel(offset, like: x)
    }
}
