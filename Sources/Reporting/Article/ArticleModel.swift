import CGAN
import Models

/// A model of the comparison: one of the article's listings, or what its text says beside them.
public struct ArticleModel: Sendable {
    /// The name it goes by.
    public var name: String
    /// What plots and tables call it.
    public var title: String
    /// What it changes, and of which model; empty for the first.
    public var change: String
    /// The text of the file that describes it.
    public var source: String
    /// Its program.
    public var program: @Sendable () throws -> Program

    /// A model of all its parts.
    public init(
        name: String, title: String, change: String = "", source: String = "",
        program: @escaping @Sendable () throws -> Program
    ) {
        self.name = name
        self.title = title
        self.change = change
        self.source = source
        self.program = program
    }

    private init(_ name: String, _ title: String, _ change: String) {
        guard let shipped = ShippedModel.named(name) else { preconditionFailure("\(name) is not shipped") }
        self.init(name: name, title: title, change: change, source: shipped.source) { try shipped.program() }
    }

    /// The listings, the game that the article's text describes, and its remedies.
    public static let all: [ArticleModel] = [
        ArticleModel("article-basic", "listing 1", "cross-entropy of probabilities, as printed"),
        ArticleModel("article-smoothing", "listing 2", "listing 1 with smoothed targets"),
        ArticleModel("article-penalty", "listing 3", "listing 1 with a gradient penalty on the probability"),
        ArticleModel(
            "article-minimax", "minimax", "listing 1 with the saturating loss that the text describes, on logits"),
        ArticleModel("article-overpowered", "overpowered", "minimax, the discriminator's rate ten times as high"),
        ArticleModel("article-overpowered-smoothing", "+ smoothing", "overpowered, smoothed targets"),
        ArticleModel("article-overpowered-penalty", "+ penalty", "overpowered, gradient penalty on the logit"),
        ArticleModel("article-overpowered-narrow", "+ narrow generator", "overpowered, a quarter of the channels"),
        ArticleModel("article-overpowered-wide", "+ wide generator", "overpowered, twice the channels"),
        ArticleModel("article-overpowered-balanced", "+ exchanged rates", "overpowered, the two rates exchanged"),
        ArticleModel("article-overpowered-non-saturating", "+ non-saturating", "overpowered, non-saturating loss"),
        ArticleModel("article-overpowered-hinge", "+ hinge", "overpowered, hinge loss"),
        ArticleModel(
            "article-overpowered-wasserstein", "+ Wasserstein", "overpowered, Wasserstein loss with gradient penalty"),
    ]

    /// The model called `name`.
    public static func named(_ name: String) -> ArticleModel? { all.first { $0.name == name } }
}

/// Models whose curves stand in one plot.
struct ArticlePanel {
    var heading: String
    var text: String
    var models: [String]

    static let all = [
        ArticlePanel(
            heading: "The three listings",
            text:
                "Both networks at the listings' rates of 1e-4. Their generator lowers −log D, which does not saturate where "
                + "the discriminator is sure.",
            models: ["article-basic", "article-smoothing", "article-penalty"]),
        ArticlePanel(
            heading: "The loss that the text describes, and who learns faster",
            text:
                "The generator lowers log(1 − D), whose gradient carries the factor σ(logit). Rates of discriminator and "
                + "generator: 1e-4 and 1e-4, 1e-3 and 1e-4, 1e-4 and 1e-3.",
            models: ["article-minimax", "article-overpowered", "article-overpowered-balanced"]),
        ArticlePanel(
            heading: "Smoothing and penalty against an overpowering discriminator",
            text: "The second and the third listing's remedies, where there is something to mend.",
            models: ["article-overpowered", "article-overpowered-smoothing", "article-overpowered-penalty"]),
        ArticlePanel(
            heading: "Capacity of the generator",
            text: "A quarter of the channels, as many as the listings have, twice as many.",
            models: ["article-overpowered-narrow", "article-overpowered", "article-overpowered-wide"]),
        ArticlePanel(
            heading: "Other losses",
            text: "The same networks and rates, the loss exchanged.",
            models: [
                "article-overpowered", "article-overpowered-non-saturating", "article-overpowered-hinge",
                "article-overpowered-wasserstein",
            ]),
    ]
}
