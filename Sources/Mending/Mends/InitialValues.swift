extension Mend {
    /// What weights begin as.
    static let initialValues = [
        Mend(
            "usual-initial-values", "cganc's own initial values instead of those given",
            for: [
                .nonFinite, .vanishingThroughDepth, .exploding, .deadUnits, .saturatedUnits, .discriminatorConstant,
                .updatesTooSmall, .updatesTooLarge, .generatorStalls, .labelIgnored, .modeCollapse,
            ]
        ) { editor in
            var isChanged = false
            for site in editor.layers(of: "generator") + editor.layers(of: "discriminator") {
                guard let argument = site.call.argument("initializer") else { continue }
                editor.remove(argument, from: site.call)
                isChanged = true
            }
            return isChanged
        }
    ]
}
