extension Mend {
    /// How the networks see the label.
    static let labels = [
        Mend(
            "projection", "the label by projection at the discriminator's last layer", for: [.labelIgnored]
        ) { editor in editor.setLabels(discriminator: "projection", generator: "oneHot") },
        Mend("label-plane", "the label as a learned plane beside the image", for: [.labelIgnored]) { editor in
            editor.setLabels(discriminator: "embeddedPlane", generator: "oneHot")
        },
        Mend("label-planes", "one plane for each class beside the image", for: [.labelIgnored]) { editor in
            editor.setLabels(discriminator: "oneHotPlanes", generator: "oneHot")
        },
        Mend("label-vector", "the label as a vector of zeros and a one", for: [.labelIgnored]) { editor in
            editor.setLabels(discriminator: "oneHot", generator: "oneHot")
        },
    ]
}

extension ModelEditor {
    /// Lets the networks see the label in the given forms; false if they do already.
    fileprivate mutating func setLabels(discriminator: String, generator: String) -> Bool {
        let first = setLabel(of: "discriminator", to: discriminator)
        return setLabel(of: "generator", to: generator) || first
    }

    private mutating func setLabel(of network: String, to form: String) -> Bool {
        guard let inputs = layers(of: network).first, type(of: inputs) == "Inputs" else { return false }
        for argument in inputs.call.arguments {
            guard let label = source.chain(in: argument.value)?.last, source.tokens[label.name].text == "label",
                let value = label.argument(nil)
            else { continue }
            guard source.text(of: value.value) != ".\(form)" else { return false }
            replace(value, with: ".\(form)")
            return true
        }
        append(".label(.\(form))", to: inputs.call)
        return true
    }
}
