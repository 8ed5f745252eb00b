import Graph

/// A function of images or latents, and of labels: layers applied one after the other.
///
/// Written as a list of layers in the braces of ``ConditionalGAN/generator`` or ``ConditionalGAN/discriminator``, and
/// applied like a function: `discriminator(images, labels)`.
public struct Network {
    /// The layers in order of application.
    public var layers: [any Layer]

    /// The network of `layers`.
    public init(layers: [any Layer]) { self.layers = layers }

    /// The network written in braces.
    public init(@NetworkBuilder _ build: () -> Network) { self = build() }

    /// What tells two networks apart: every layer with its place.
    var signature: [String] { layers.flatMap(\.all).map { "\($0.summary) \($0.location)" } }

    /// The network's result for `x`.
    ///
    /// - Parameters:
    ///   - x: latents `[B, latent]` for a generator, images `[B, height, width, channels]` for a discriminator.
    ///   - labels: indices `[B]`.
    /// - Returns: images, or one number for each example as `[B, 1]`. Applying a network twice to the same tensors
    ///   gives one and the same value, dropout included.
    public func callAsFunction(
        _ x: Tensor, _ labels: Tensor? = nil, fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) -> Tensor {
        x.trace.apply(self, to: x, labels: labels, at: sourceLocation(fileID, line, column))
    }
}
