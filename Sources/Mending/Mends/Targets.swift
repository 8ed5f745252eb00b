extension Mend {
    /// Targets other than 1 and 0, so that the discriminator is never certain.
    static let targets = [
        Mend(
            "smoothing", "targets of 0.9 for real pairs",
            for: [.generatorVanishes, .clippedLoss, .discriminatorOverpowers, .discriminatorOverfits]
        ) { editor in
            guard let name = editor.presetName, editor.presetArgument("smoothing") == nil,
                ["minimax", "nonSaturating", "binaryCrossEntropy", "leastSquares"].contains(name)
            else { return false }
            editor.setPresetArgument("smoothing", to: ".fixed(real: 0.9)")
            return true
        }
    ]
}
