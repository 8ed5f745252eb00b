public import Diagnosis

extension DiagnosisCode {
    /// The mends that the catalogue names for the cause, the likeliest first, as its recommendation has them: they are tried
    /// before others, and of mends that come equally far the earlier one is made. A setting that the model's file gives
    /// itself is suspected before those that it leaves to cganc.
    var likeliestMends: [String] {
        switch self {
        case .nonFinite:
            [
                "lower-rates", "less-momentum", "usual-initial-values", "penalty-weight", "usual-optimisers",
                "non-saturating",
            ]
        case .generatorVanishes:
            ["non-saturating", "hinge", "wasserstein-penalty", "smoothing", "one-update-each", "slower-discriminator"]
        case .clippedLoss: ["non-saturating", "lower-rates", "slower-discriminator", "usual-optimisers"]
        case .discriminatorOverpowers:
            ["slower-discriminator", "smoothing", "r1", "more-generator-updates", "one-update-each"]
        case .discriminatorConstant: ["usual-initial-values", "lower-rates", "leaky-relu"]
        case .discriminatorOverfits: ["r1", "dropout", "narrower-discriminator"]
        case .vanishingThroughDepth:
            ["leaky-relu", "usual-initial-values", "normalise-both", "batch-norm", "layer-norm"]
        case .exploding: ["lower-rates", "less-momentum", "gradient-penalty", "r1", "penalty-weight"]
        case .deadUnits: ["leaky-relu", "lower-rates", "usual-initial-values", "batch-norm", "layer-norm"]
        case .saturatedUnits: ["usual-initial-values", "batch-norm", "layer-norm", "normalise-both", "leaky-relu"]
        case .updatesTooLarge: ["lower-rates", "usual-optimisers", "less-momentum"]
        case .updatesTooSmall: ["higher-rates", "usual-optimisers"]
        case .slopeOff: ["penalty-weight", "more-critic-updates"]
        case .criticReversed: ["penalty-weight", "more-critic-updates", "faster-discriminator"]
        case .labelIgnored: ["label-vector", "label-plane", "projection", "without-own-layers"]
        case .modeCollapse: ["slower-generator", "more-critic-updates", "wasserstein-penalty", "without-own-layers"]
        case .generatorStalls: ["wider-generator", "narrower-discriminator"]
        default: []
        }
    }
}

extension Mend {
    /// Those that are recommended for `code`: first the likeliest, then the others in the order of ``all``. Where there is
    /// no code, those for a generator that does not follow.
    public static func recommended(for code: DiagnosisCode?) -> [Mend] {
        let code = code ?? .generatorStalls
        let likeliest = code.likeliestMends
        let mends = all.filter { $0.causes.contains(code) }
        return likeliest.compactMap { name in mends.first { $0.name == name } }
            + mends.filter { !likeliest.contains($0.name) }
    }
}
