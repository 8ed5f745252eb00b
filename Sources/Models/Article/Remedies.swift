extension ShippedModel {
    /// What the article's text says beside its listings, as models: the losing game that it describes, and what it names
    /// against it. They go by name like shipped models, but are not listed among them.
    public static let remedies: [ShippedModel] = [
        ShippedModel(
            { ArticleMinimax() }, PackageResources.ArticleMinimax_txt,
            "the loss that the article's text describes: saturating, on logits"),
        ShippedModel(
            { ArticleOverpowered() }, PackageResources.ArticleOverpowered_txt,
            "the same with a discriminator that learns ten times as fast"),
        ShippedModel(
            { ArticleOverpoweredSmoothing() }, PackageResources.ArticleOverpoweredSmoothing_txt,
            "… and smoothed targets"),
        ShippedModel(
            { ArticleOverpoweredPenalty() }, PackageResources.ArticleOverpoweredPenalty_txt,
            "… and a gradient penalty on the logit"),
        ShippedModel(
            { ArticleOverpoweredNarrow() }, PackageResources.ArticleOverpoweredNarrow_txt,
            "… and a quarter of the generator's channels"),
        ShippedModel(
            { ArticleOverpoweredWide() }, PackageResources.ArticleOverpoweredWide_txt,
            "… and twice the generator's channels"),
        ShippedModel(
            { ArticleOverpoweredBalanced() }, PackageResources.ArticleOverpoweredBalanced_txt,
            "… and the two rates exchanged"),
        ShippedModel(
            { ArticleOverpoweredNonSaturating() }, PackageResources.ArticleOverpoweredNonSaturating_txt,
            "… and the non-saturating loss"),
        ShippedModel(
            { ArticleOverpoweredHinge() }, PackageResources.ArticleOverpoweredHinge_txt,
            "… and the hinge loss"),
        ShippedModel(
            { ArticleOverpoweredWasserstein() }, PackageResources.ArticleOverpoweredWasserstein_txt,
            "… and the Wasserstein loss with its penalty"),
    ]
}
