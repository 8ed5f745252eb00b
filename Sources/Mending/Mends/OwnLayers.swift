extension Mend {
    /// Layers that the model's file defines itself.
    static let ownLayers = [
        Mend(
            "without-own-layers", "the file's own layers without parameters taken out",
            for: [
                .nonFinite, .discriminatorConstant, .vanishingThroughDepth, .exploding, .deadUnits, .saturatedUnits,
                .labelIgnored, .modeCollapse, .generatorStalls, .updatesTooLarge, .updatesTooSmall,
                .discriminatorOverpowers,
            ]
        ) { editor in
            let sites = (editor.layers(of: "generator") + editor.layers(of: "discriminator")).filter { site in
                editor.source.declaresType(editor.type(of: site))
                    && !editor.program.parameters.contains { parameter in
                        site.layers.contains { parameter.name.hasPrefix("\($0.name).") }
                    }
            }
            for site in sites { editor.remove(site) }
            return !sites.isEmpty
        }
    ]
}
