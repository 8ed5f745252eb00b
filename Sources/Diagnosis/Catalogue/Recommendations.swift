extension DiagnosisCode {
    /// What to change where the cause shows in a run, the likeliest first; nil for what is proved on the graph, where
    /// each finding has a help of its own.
    public var recommendation: String? {
        switch self {
        case .nonFinite: "mend the operation that is named; if it is harmless, lower the rates"
        case .narrowImages: "scale the images to 0 ... 255 before they are read"
        case .generatorVanishes: "use .nonSaturating(), .hinge() or .wasserstein(penalty: .gradient(weight: 10))"
        case .clippedLoss: "compute the loss from logits: .nonSaturating() without the last Sigmoid(), and a lower rate"
        case .discriminatorOverpowers:
            "lower the discriminator's rate, smooth its targets, add .r1(gamma: 10), or give the generator more updates"
        case .discriminatorConstant: "lower the discriminator's rate, leave its initialisers out, use LeakyReLU(0.2)"
        case .discriminatorOverfits:
            "train on more data, add .r1(gamma: 10), or put Dropout(0.3) into the discriminator"
        case .vanishingThroughDepth:
            "use LeakyReLU(0.2) between layers, a normalisation or Residual { }, and leave initialisers out"
        case .exploding: "lower the rate, or hold the slope down with a gradient penalty"
        case .deadUnits: "use LeakyReLU(0.2), lower the rate, leave the initialisers out"
        case .saturatedUnits:
            "leave the initialisers out, normalise before the layer, or use LeakyReLU(0.2) in its place"
        case .updatesTooLarge: "lower the rate tenfold; with Adam, 1e-4 ... 4e-4 is usual"
        case .updatesTooSmall: "raise the rate; with Adam, 1e-4 ... 4e-4 is usual"
        case .slopeOff: "set the penalty's weight to 10, or give the critic five updates for one of the generator's"
        case .criticReversed: "set the penalty's weight to 10, or give the critic more updates or a higher rate"
        case .labelIgnored:
            "give both networks the label by .label(.oneHot), .label(.embeddedPlane) or .label(.projection), unscaled"
        case .modeCollapse:
            "lower the generator's rate, give the discriminator more updates, or use a Wasserstein loss with a penalty"
        case .generatorStalls: "widen the generator's layers, or narrow the discriminator's"
        default: nil
        }
    }
}
