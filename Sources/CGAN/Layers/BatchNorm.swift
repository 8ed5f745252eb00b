public import Graph

/// Batch normalisation (Ioffe & Szegedy 2015): `(x − mean) / √(variance + ε) · scale + offset` for each channel (the
/// last axis), with mean and biased variance over all other axes.
///
/// Training uses the batch's own mean and variance in both phases; the running ones are renewed in the phase that
/// trains this network, `momentum · kept + (1 − momentum) · batch`, once for each application that the phase's loss
/// depends on, and are what a sampler uses.
/// Parameters: `scale` (begins as 1), `offset` (0); statistics: `mean` (0), `variance` (1).
public struct BatchNorm: Layer {
    let epsilon: Double
    let momentum: Double
    /// Where it was written.
    public let location: SourceLocation

    /// The layer with `epsilon` under the root and `momentum` as the weight of the past.
    public init(
        epsilon: Double = 1e-5, momentum: Double = 0.9, fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        self.epsilon = epsilon
        self.momentum = momentum
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "batchNorm" }
    /// What the user wrote.
    public var summary: String {
        let arguments = [
            epsilon == 1e-5 ? nil : "epsilon: \(epsilon)", momentum == 0.9 ? nil : "momentum: \(momentum)",
        ]
        return "BatchNorm(\(arguments.compactMap { $0 }.joined(separator: ", ")))"
    }

    /// The normalised operand, scaled and offset for each channel.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard x.rank >= 2, epsilon > 0, epsilon.isFinite, momentum >= 0, momentum < 1 else {
            return context.mistake(
                .sizeOutOfRange, "\(summary) of \(x.type): epsilon is positive, momentum is 0 ..< 1", given: x)
        }
        guard x.type.shape.count / x.shape[x.rank - 1] > 1 else {
            return context.mistake(
                .batchTooSmall, "batch normalisation over a single value for each channel gives only zeros", given: x,
                help: "train with a batch of at least 2, or use LayerNorm()")
        }
        let channels = [x.shape[x.rank - 1]]
        let scale = context.parameter("scale", channels, layout: "channel", from: .constant(1))
        let offset = context.parameter("offset", channels, layout: "channel", from: .constant(0))
        let mean = context.statistic("mean", channels, layout: "channel", from: .constant(0))
        let variance = context.statistic("variance", channels, layout: "channel", from: .constant(1))
        let axes = Array(0..<x.rank - 1)
        var normalised: Tensor
        if context.isTraining {
            let trace = context.trace
            context.renew(
                "mean", with: trace.emit(.composite(.mean(axes: axes)), [x], "mean", at: location), momentum: momentum)
            context.renew(
                "variance", with: trace.emit(.composite(.variance(axes: axes)), [x], "variance", at: location),
                momentum: momentum)
            normalised = trace.emit(
                .composite(.normalize(axes: axes, epsilon: epsilon)), [x], "normalize", at: location)
        } else {
            normalised = (x - context.perChannel(mean, like: x)) / context.perChannel(sqrt(variance + epsilon), like: x)
        }
        normalised = normalised * context.perChannel(scale, like: x)
        return normalised + context.perChannel(offset, like: x)
    }
}
