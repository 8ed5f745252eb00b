import CGAN

/// A place in a model's file where a layer is written. Inside a loop it stands for more than one layer.
struct LayerSite {
    /// The layers that come of it, in order of application.
    var layers: [LayerRecord]
    /// What is written there: the layer's type and what it is given.
    var call: Call
}

extension ModelText {
    /// Where the layers of `network` (`generator` or `discriminator`) are written, in the order in which they are first
    /// applied; layers that are not written as a call of their type are left out.
    func layers(of network: String, in program: Program) -> [LayerSite] {
        var sites: [LayerSite] = []
        for layer in program.layers where layer.name.hasPrefix("\(network).") {
            guard let place = layer.location, let name = word(atLine: place.line, column: place.column),
                let call = call(at: name), layer.kind.hasPrefix(tokens[name].text)
            else { continue }
            if let index = sites.firstIndex(where: { $0.call.name == name }) {
                sites[index].layers.append(layer)
            } else {
                sites.append(LayerSite(layers: [layer], call: call))
            }
        }
        return sites
    }

    /// The name of the call at a place as Swift counts it: it gives a call's place as that of its parenthesis.
    private func word(atLine line: Int, column: Int) -> Int? {
        guard let offset = offset(ofLine: line) else { return nil }
        let place = offset + column - 1
        guard let index = tokens.firstIndex(where: { $0.range.contains(place) }) else { return nil }
        if tokens[index].text == "(", index > 0 { return index - 1 }
        return tokens[index].kind == .word ? index : nil
    }

    /// The first byte of line `line`, which counts from 1.
    private func offset(ofLine line: Int) -> Int? {
        var offset = 0
        for _ in 1..<max(1, line) {
            guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            offset = end + 1
        }
        return offset
    }

    /// The bytes from the layer's name to its parenthesis.
    func range(of site: LayerSite) -> Range<Int> { byteRange(site.call.name..<site.call.close + 1) }

    /// Whether nothing stands before the layer in its line, and whether nothing does behind it.
    func isAlone(_ site: LayerSite) -> (before: Bool, behind: Bool) {
        let range = range(of: site)
        let rest = bytes[range.upperBound...].prefix { $0 != UInt8(ascii: "\n") }
        return (
            bytes[lineStart(of: range.lowerBound)..<range.lowerBound].allSatisfy(\.isBlank), rest.allSatisfy(\.isBlank)
        )
    }

    /// What is taken away with the layer: its line if nothing else stands there, else what parts it from its neighbours.
    func rangeWithLine(of site: LayerSite) -> Range<Int> {
        let range = range(of: site)
        let isAlone = isAlone(site)
        if isAlone.behind {
            if isAlone.before {
                let end = bytes[range.upperBound...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count - 1
                return lineStart(of: range.lowerBound)..<end + 1
            }
            // The last one of its line, behind a semicolon.
            let before = tokens[site.call.name - 1]
            return before.text == ";" ? before.range.lowerBound..<range.upperBound : range
        }
        let behind = tokens[site.call.close + 1]
        guard behind.text == ";" else {
            let before = tokens[site.call.name - 1]
            return before.text == ";" ? before.range.lowerBound..<range.upperBound : range
        }
        let blanks = bytes[behind.range.upperBound...].prefix(while: \.isBlank).count
        return range.lowerBound..<behind.range.upperBound + blanks
    }
}

extension UInt8 {
    /// A space or a tab.
    var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}
