extension Mend {
    /// What holds the discriminator's slope down.
    static let penalties = [
        Mend(
            "gradient-penalty", "a gradient penalty of weight 10 beside the loss",
            for: [.discriminatorOverpowers, .discriminatorOverfits, .exploding, .modeCollapse, .generatorVanishes]
        ) { editor in editor.addPenalty(".gradient(weight: 10)") },
        Mend(
            "r1", "the penalty R1 of weight 1 on real images",
            for: [
                .discriminatorOverpowers, .discriminatorOverfits, .exploding, .modeCollapse, .generatorVanishes,
                .generatorStalls,
            ]
        ) { editor in editor.addPenalty(".r1(gamma: 1)") },
        Mend(
            "penalty-weight", "a usual weight of the penalty: 10 of the gradient's, 1 of R1 and R2",
            for: [
                .slopeOff, .criticReversed, .exploding, .generatorStalls, .nonFinite, .modeCollapse,
                .discriminatorConstant, .updatesTooSmall, .updatesTooLarge, .vanishingThroughDepth,
            ]
        ) { editor in
            guard let preset = editor.preset,
                let penalty = preset.argument("penalty").flatMap({ editor.source.chain(in: $0.value)?.last })
            else { return false }
            let isGradient = editor.source.tokens[penalty.name].text == "gradient"
            let usual = isGradient ? "10" : "1"
            guard let weight = penalty.argument(isGradient ? "weight" : "gamma"),
                editor.source.text(of: weight.value) != usual
            else { return false }
            editor.replace(weight, with: usual)
            return true
        },
    ]
}

extension ModelEditor {
    /// Gives the preset a penalty, if it has none and takes logits, or can take them.
    fileprivate mutating func addPenalty(_ penalty: String) -> Bool {
        guard let presetName, presetArgument("penalty") == nil else { return false }
        if presetName == "binaryCrossEntropy" {
            setLoss("nonSaturating", keeping: ["smoothing"], with: "penalty: \(penalty)")
        } else {
            setPresetArgument("penalty", to: penalty)
            uncoupleDiscriminator()
        }
        return true
    }
}
