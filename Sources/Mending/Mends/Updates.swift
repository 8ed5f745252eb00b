extension Mend {
    /// How often each network is updated.
    static let updates = [
        Mend(
            "one-update-each", "one update of each network in a step",
            for: [.discriminatorOverpowers, .generatorVanishes, .clippedLoss, .modeCollapse, .discriminatorOverfits]
        ) { editor in
            guard editor.program.phases.contains(where: { $0.runs != 1 }) else { return false }
            func wish(_ network: String) -> NetworkTraining {
                NetworkTraining(updates: editor.phase(network)?.runs == 1 ? nil : 1)
            }
            editor.setTraining(discriminator: wish("discriminator"), generator: wish("generator"))
            return true
        },
        Mend(
            "more-generator-updates", "two updates of the generator in a step",
            for: [.discriminatorOverpowers]
        ) { editor in
            guard editor.phase("generator")?.runs == 1 else { return false }
            editor.setTraining(generator: NetworkTraining(updates: 2))
            return true
        },
        Mend(
            "more-critic-updates", "five updates of the discriminator in a step",
            for: [.slopeOff, .criticReversed, .modeCollapse]
        ) { editor in
            guard let runs = editor.phase("discriminator")?.runs, runs < 5 else { return false }
            let generator = editor.phase("generator")?.runs ?? 1
            editor.setTraining(
                discriminator: NetworkTraining(updates: 5),
                generator: NetworkTraining(updates: generator > 1 ? 1 : nil))
            return true
        },
    ]
}
