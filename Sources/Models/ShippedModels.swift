import CGAN

/// A model that comes with cganc.
public struct ShippedModel: Sendable {
    /// The name it goes by.
    public let name: String
    /// One line about it.
    public let summary: String
    /// The text of the file that describes it, which reads as a user's own file does but for `@main`.
    public let source: String
    private let make: @Sendable () -> any ConditionalGAN

    init(_ make: @escaping @Sendable () -> any ConditionalGAN, _ source: [UInt8], _ summary: String) {
        self.make = make
        self.summary = summary
        self.source = String(decoding: source, as: UTF8.self)
        name = make().name
    }

    /// The model's program.
    ///
    /// - Parameter batch: examples in a batch, instead of the model's own number.
    /// - Throws: what is wrong with the model at that batch.
    public func program(batch: Int? = nil) throws -> Program { try Program(make(), batch: batch) }

    /// Every shipped model, in the order in which they are listed.
    public static let all: [ShippedModel] = [
        ShippedModel(
            { ArticleBasic() }, PackageResources.ArticleBasic_txt,
            "the article's first listing: cross-entropy of probabilities"),
        ShippedModel(
            { ArticleSmoothing() }, PackageResources.ArticleSmoothing_txt,
            "the article's second listing: smoothed targets"),
        ShippedModel(
            { ArticlePenalty() }, PackageResources.ArticlePenalty_txt,
            "the article's third listing: a gradient penalty"),
        ShippedModel(
            { MLPConditionalGAN() }, PackageResources.MLPConditionalGAN_txt,
            "dense networks, non-saturating loss, smoothed targets"),
        ShippedModel(
            { MLPWassersteinPenalty() }, PackageResources.MLPWassersteinPenalty_txt,
            "dense networks, Wasserstein loss with gradient penalty"),
        ShippedModel(
            { DCGANWassersteinPenalty() }, PackageResources.DCGANWassersteinPenalty_txt,
            "convolutional, Wasserstein loss with gradient penalty, 28x28x1"),
        ShippedModel(
            { DCGANBatchNorm() }, PackageResources.DCGANBatchNorm_txt,
            "convolutional with batch norm, non-saturating loss, 28x28x1"),
        ShippedModel(
            { DCGAN32WassersteinPenalty() }, PackageResources.DCGAN32WassersteinPenalty_txt,
            "convolutional, Wasserstein loss with gradient penalty, 32x32x3"),
    ]

    /// The shipped model called `name`, or one of ``remedies``.
    public static func named(_ name: String) -> ShippedModel? { (all + remedies).first { $0.name == name } }
}
