extension Mend {
    /// What keeps activations in range.
    static let normalisations = [
        Mend(
            "layer-norm", "LayerNorm before the functions between the discriminator's layers",
            for: [
                .vanishingThroughDepth, .exploding, .deadUnits, .saturatedUnits, .discriminatorConstant, .nonFinite,
                .updatesTooLarge,
            ]
        ) { editor in editor.normalise("discriminator", with: "LayerNorm()") },
        Mend(
            "batch-norm", "BatchNorm before the functions between the generator's layers",
            for: [
                .vanishingThroughDepth, .exploding, .deadUnits, .saturatedUnits, .modeCollapse, .generatorStalls,
                .generatorVanishes,
            ]
        ) { editor in editor.normalise("generator", with: "BatchNorm()") },
        Mend(
            "normalise-both", "LayerNorm in the discriminator and BatchNorm in the generator",
            for: [.vanishingThroughDepth, .exploding, .deadUnits, .saturatedUnits]
        ) { editor in
            let discriminator = editor.normalise("discriminator", with: "LayerNorm()")
            return editor.normalise("generator", with: "BatchNorm()") && discriminator
        },
    ]
}

extension ModelEditor {
    /// Puts `layer` before the functions between the layers of `network`, if none of these normalises already.
    fileprivate mutating func normalise(_ network: String, with layer: String) -> Bool {
        guard !layers(of: network).contains(where: { ["BatchNorm", "LayerNorm"].contains(type(of: $0)) }) else {
            return false
        }
        let sites = hiddenActivations(of: network)
        for site in sites { insert(layer, before: site) }
        return !sites.isEmpty
    }
}
