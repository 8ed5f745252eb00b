import CGAN

extension Mend {
    /// How large the networks are.
    static let capacities = [
        Mend(
            "wider-generator",
            "four times the width of the generator's hidden layers, or as much as brings it to a quarter of the discriminator",
            for: [.generatorStalls, .discriminatorOverpowers, .modeCollapse, .labelIgnored]
        ) { editor in editor.scaleWidths(of: "generator", by: .times(editor.generatorScale)) },
        Mend(
            "wider-discriminator", "four times the width of the discriminator's hidden layers",
            for: [.criticReversed, .discriminatorConstant, .slopeOff]
        ) { editor in editor.scaleWidths(of: "discriminator", by: .times(4)) },
        Mend(
            "narrower-discriminator", "a quarter of the width of the discriminator's hidden layers",
            for: [.discriminatorOverpowers, .discriminatorOverfits, .generatorStalls]
        ) { editor in editor.scaleWidths(of: "discriminator", by: .quarter) },
        Mend("longer-latent", "a latent of 100 numbers", for: [.modeCollapse, .generatorStalls]) { editor in
            guard editor.program.latent < 32 else { return false }
            return editor.setProperty("latent", to: "100")
        },
        Mend(
            "larger-batch", "batches of 64 examples",
            for: [.modeCollapse, .generatorStalls, .updatesTooLarge, .discriminatorOverpowers, .criticReversed]
        ) { editor in
            guard editor.program.batch < 32 else { return false }
            editor.setTraining(batch: 64)
            return true
        },
    ]
}

extension ModelEditor {
    /// What widths are multiplied by.
    fileprivate enum Scale {
        case times(Int)
        case quarter
    }

    /// By how much the generator's hidden layers are widened: by 4, or by the next power of two with which it comes to a
    /// quarter of the discriminator's parameters, if these grow as the widths do; by 64 at most.
    fileprivate var generatorScale: Int {
        func size(_ network: String) -> Int {
            program.parameters.filter { $0.network == network && $0.isTrained }.reduce(0) { $0 + $1.shape.count }
        }
        var scale = 4
        while scale < 64, size("generator") * scale * 4 < size("discriminator") { scale *= 2 }
        return scale
    }

    /// Scales the widths of all weighted layers of `network` but the last, with the reshapes that follow from them.
    fileprivate mutating func scaleWidths(of network: String, by scale: Scale) -> Bool {
        let layers = layers(of: network)
        guard let last = layers.lastIndex(where: { isWeighted($0) }) else { return false }
        var isChanged = false
        for (index, site) in layers[..<last].enumerated() {
            if isWeighted(site) {
                guard let width = site.call.argument(nil), let text = scaled(width.value, by: scale) else {
                    return false
                }
                replace(width, with: text)
                isChanged = true
            } else if type(of: site) == "Reshape" {
                guard layers[..<index].contains(where: { isWeighted($0) }), let channels = site.call.arguments.last,
                    let text = scaled(channels.value, by: scale)
                else { return false }
                replace(channels, with: text)
            }
        }
        return isChanged
    }

    /// `7 * 7 * 64` by 4 is `7 * 7 * 256`, `width` is `width * 4`; nil if a quarter of it is no whole number.
    private func scaled(_ range: Range<Int>, by scale: Scale) -> String? {
        let tokens = source.tokens[range]
        let text = source.text(of: range)
        let isProduct = tokens.allSatisfy { $0.kind == .number || $0.text == "*" }
        if isProduct, let last = tokens.last, let number = Int(last.text.replacing("_", with: "")) {
            let head = text.dropLast(last.text.count)
            switch scale {
            case .times(let factor): return "\(head)\(number * factor)"
            case .quarter: return number % 4 == 0 && number >= 16 ? "\(head)\(number / 4)" : nil
            }
        }
        let operand = tokens.count == 1 ? text : "(\(text))"
        return switch scale {
        case .times(let factor): "\(operand) * \(factor)"
        case .quarter: "\(operand) / 4"
        }
    }
}
