extension Mend {
    /// What is thrown away at random.
    static let noises = [
        Mend(
            "dropout", "Dropout(0.3) after the functions between the discriminator's layers",
            for: [.discriminatorOverfits, .discriminatorOverpowers]
        ) { editor in
            guard !editor.layers(of: "discriminator").contains(where: { editor.type(of: $0) == "Dropout" }) else {
                return false
            }
            let sites = editor.hiddenActivations(of: "discriminator")
            for site in sites { editor.insert("Dropout(0.3)", after: site) }
            return !sites.isEmpty
        },
        Mend(
            "no-dropout", "nothing dropped in either network",
            for: [.discriminatorConstant, .generatorStalls, .criticReversed, .modeCollapse]
        ) { editor in
            let sites = (editor.layers(of: "generator") + editor.layers(of: "discriminator"))
                .filter { editor.type(of: $0) == "Dropout" }
            for site in sites { editor.remove(site) }
            return !sites.isEmpty
        },
    ]
}
