extension Mend {
    /// Functions between layers.
    static let activations = [
        Mend(
            "leaky-relu", "LeakyReLU(0.2) for ReLU, and for Tanh and Sigmoid between layers",
            for: [
                .vanishingThroughDepth, .deadUnits, .saturatedUnits, .discriminatorConstant, .generatorStalls,
                .modeCollapse, .generatorVanishes, .labelIgnored,
            ]
        ) { editor in
            let sites = ["generator", "discriminator"].flatMap { editor.hiddenActivations(of: $0) }
                .filter { ["ReLU", "Tanh", "Sigmoid"].contains(editor.type(of: $0)) }
            for site in sites { editor.replace(site, with: "LeakyReLU(0.2)") }
            return !sites.isEmpty
        },
        Mend(
            "tanh-end", "Tanh as the generator's last function",
            for: [.deadUnits, .saturatedUnits, .generatorStalls, .exploding, .modeCollapse]
        ) { editor in
            let layers = editor.layers(of: "generator")
            guard let last = layers.lastIndex(where: { editor.isWeighted($0) }) else { return false }
            let behind = layers[(last + 1)...].filter { editor.isActivation($0) }
            guard !behind.contains(where: { editor.type(of: $0) == "Tanh" }) else { return false }
            if let site = behind.last {
                editor.replace(site, with: "Tanh()")
            } else {
                editor.insert("Tanh()", after: layers[last])
            }
            return true
        },
    ]
}

extension ModelEditor {
    private static let activationTypes = ["ReLU", "LeakyReLU", "ELU", "Softplus", "Tanh", "Sigmoid"]

    /// True if the layer is a function of each element.
    func isActivation(_ site: LayerSite) -> Bool { Self.activationTypes.contains(type(of: site)) }

    /// True if the layer multiplies by weights.
    func isWeighted(_ site: LayerSite) -> Bool { ["Dense", "Conv", "ConvTranspose"].contains(type(of: site)) }

    /// The functions between the weighted layers of `network`: those behind the last of them are its end.
    func hiddenActivations(of network: String) -> [LayerSite] {
        let layers = layers(of: network)
        guard let last = layers.lastIndex(where: { isWeighted($0) }) else { return [] }
        return layers[..<last].filter { isActivation($0) }
    }
}
