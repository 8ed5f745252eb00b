extension Mend {
    /// Other losses, which give a gradient where the model's own gives none.
    static let losses = [
        Mend(
            "non-saturating", "the generator lowers sp(-f), on logits",
            for: [
                .nonFinite, .generatorVanishes, .clippedLoss, .discriminatorConstant, .exploding, .modeCollapse,
                .generatorStalls, .slopeOff, .criticReversed, .vanishingThroughDepth,
            ]
        ) { editor in
            guard editor.presetName != "nonSaturating" else { return false }
            editor.setLoss("nonSaturating", keeping: ["smoothing", "penalty"])
            return true
        },
        Mend(
            "hinge", "hinge loss, on logits",
            for: [
                .nonFinite, .generatorVanishes, .clippedLoss, .discriminatorOverpowers, .discriminatorConstant,
                .vanishingThroughDepth, .modeCollapse, .exploding, .slopeOff,
            ]
        ) { editor in
            guard editor.presetName != "hinge" else { return false }
            editor.setLoss("hinge", keeping: ["penalty"])
            return true
        },
        Mend(
            "wasserstein-penalty", "Wasserstein loss with a gradient penalty of weight 10",
            for: [
                .nonFinite, .generatorVanishes, .clippedLoss, .discriminatorOverpowers, .discriminatorConstant,
                .discriminatorOverfits, .vanishingThroughDepth, .exploding, .modeCollapse, .generatorStalls, .slopeOff,
                .criticReversed,
            ]
        ) { editor in
            guard editor.presetName != "wasserstein" || editor.presetArgument("penalty") == nil else { return false }
            editor.setLoss("wasserstein", with: "penalty: .gradient(weight: 10)")
            return true
        },
    ]
}

extension ModelEditor {
    /// The objective becomes the preset `name` on logits, with those of the present one's arguments that `keeping` names,
    /// and `argument`.
    mutating func setLoss(_ name: String, keeping: [String] = [], with argument: String? = nil) {
        var arguments = keeping.compactMap { label in presetArgument(label).map { "\(label): \($0)" } }
        if let argument { arguments.append(argument) }
        setObjective(".\(name)(\(arguments.joined(separator: ", ")))")
        removeProbability()
        if arguments.contains(where: { $0.hasPrefix("penalty:") }) { uncoupleDiscriminator() }
    }

    /// The discriminator's last layer goes if it makes a probability of a logit.
    mutating func removeProbability() {
        if let last = layers(of: "discriminator").last, type(of: last) == "Sigmoid", last.layers.count == 1 {
            remove(last)
        }
    }

    /// A penalty for each example needs a discriminator in which examples stay apart.
    mutating func uncoupleDiscriminator() {
        for site in layers(of: "discriminator") where type(of: site) == "BatchNorm" {
            replace(site, with: "LayerNorm()")
        }
    }
}
