import CGAN

/// Changes a model's file as a person would: only what is asked for, where it stands, in the file's own layout.
struct ModelEditor {
    let source: ModelText
    /// What the file describes; its layers' places are those of `source`.
    let program: Program
    private(set) var edits = TextEdits()

    /// An editor of `source`, which describes `program`.
    init(_ source: ModelText, of program: Program) {
        self.source = source
        self.program = program
    }

    /// The file with all changes made; nil if there are none, or two are of one place.
    var result: String? { edits.applied(to: source.bytes) }

    // MARK: Objective

    /// The preset that the model names, `.hinge(penalty: .r1())`; nil if its losses are written out or computed.
    var preset: Call? {
        guard source.function("objective") == nil, let member = source.property("objective"),
            let chain = source.chain(in: member.body), chain.count == 1
        else { return nil }
        return chain[0]
    }

    /// The preset's name, `hinge`.
    var presetName: String? { preset.map { source.tokens[$0.name].text } }

    /// True if the losses are written out in a function of the model's own.
    var writesLosses: Bool { source.function("objective") != nil }

    /// The text of the preset's argument `label`, of several ones after it too.
    func presetArgument(_ label: String) -> String? {
        guard let preset, let range = presetArgumentRange(label, of: preset) else { return nil }
        return source.text(of: range)
    }

    private func presetArgumentRange(_ label: String, of preset: Call) -> Range<Int>? {
        guard let first = preset.arguments.firstIndex(where: { $0.label == label }) else { return nil }
        // `penalty:` takes any number of them; those after the first have no label.
        let last = preset.arguments[(first + 1)...].prefix { $0.label == nil }.last ?? preset.arguments[first]
        return preset.arguments[first].value.lowerBound..<last.value.upperBound
    }

    /// The model's objective becomes `expression`, such as `.hinge()`, whatever it was.
    mutating func setObjective(_ expression: String) {
        if let preset, let member = source.property("objective") {
            let whole = source.tokens[member.body.lowerBound].text == "return"
            let start = whole ? member.body.lowerBound + 1 : member.body.lowerBound
            edits.replace(source.byteRange(start..<preset.close + 1), with: expression)
        } else {
            setMember(
                source.function("objective") ?? source.property("objective"),
                "var objective: Objective {\n    \(expression)\n}")
        }
    }

    /// The preset is given `value` for `label`, in the place of what it was given.
    mutating func setPresetArgument(_ label: String, to value: String) {
        guard let preset else { return }
        if let range = presetArgumentRange(label, of: preset) {
            edits.replace(source.byteRange(range), with: value)
        } else if label == "smoothing", let first = preset.arguments.first {
            edits.insert("\(label): \(value), ", at: source.byteRange(first.whole).lowerBound)
        } else {
            append("\(label): \(value)", to: preset)
        }
    }

    /// One more argument, behind the others.
    mutating func append(_ argument: String, to call: Call) {
        let place = call.arguments.last.map { source.byteRange($0.whole).upperBound }
        edits.insert(
            call.arguments.isEmpty ? argument : ", \(argument)", at: place ?? source.tokens[call.open].range.upperBound)
    }

    /// `member` becomes `text`, or `text` becomes a new member behind the others; `text` is written at no margin.
    mutating func setMember(_ member: ModelText.Member?, _ text: String) {
        guard let member else {
            let margin = String(repeating: " ", count: 4)
            return edits.insert("\n\n" + margin + text.indented(by: margin), at: source.endOfMembers)
        }
        edits.replace(member.range, with: text.indented(by: source.margin(at: member.range.lowerBound)))
    }

    // MARK: Layers

    /// Where the layers of `network` are written.
    func layers(of network: String) -> [LayerSite] { source.layers(of: network, in: program) }

    /// The type of the layer at `site`.
    func type(of site: LayerSite) -> String { source.tokens[site.call.name].text }

    /// The layer at `site` becomes `text`.
    mutating func replace(_ site: LayerSite, with text: String) { edits.replace(source.range(of: site), with: text) }

    /// The layer at `site` goes, and its line with it if nothing else stands there.
    mutating func remove(_ site: LayerSite) { edits.replace(source.rangeWithLine(of: site), with: "") }

    /// `text` comes before the layer at `site`: on a line of its own if the layer has one.
    mutating func insert(_ text: String, before site: LayerSite) {
        let start = source.range(of: site).lowerBound
        edits.insert(source.isAlone(site).before ? "\(text)\n\(source.margin(at: start))" : "\(text); ", at: start)
    }

    /// `text` comes after the layer at `site`: on a line of its own if the layer has one.
    mutating func insert(_ text: String, after site: LayerSite) {
        let range = source.range(of: site)
        let isAlone = source.isAlone(site)
        edits.insert(
            isAlone.before && isAlone.behind ? "\n\(source.margin(at: range.lowerBound))\(text)" : "; \(text)",
            at: range.upperBound)
    }

    /// The value of `argument` becomes `text`.
    mutating func replace(_ argument: Call.Argument, with text: String) {
        edits.replace(source.byteRange(argument.value), with: text)
    }

    /// The argument of `call` goes, with the comma that parts it from the others.
    mutating func remove(_ argument: Call.Argument, from call: Call) {
        var tokens = argument.whole
        if source.tokens[tokens.lowerBound - 1].text == "," {
            tokens = tokens.lowerBound - 1..<tokens.upperBound
            edits.replace(source.byteRange(tokens), with: "")
        } else if source.tokens[tokens.upperBound].text == "," {
            let next = source.tokens[tokens.upperBound + 1].range.lowerBound
            edits.replace(source.byteRange(tokens).lowerBound..<next, with: "")
        } else {
            edits.replace(source.byteRange(tokens), with: "")
        }
    }

    // MARK: Numbers

    /// The value of the model's property `name`, such as `latent`, becomes `value`; false if it has no such property.
    mutating func setProperty(_ name: String, to value: String) -> Bool {
        guard let member = source.property(name), !member.body.isEmpty else { return false }
        edits.replace(source.byteRange(member.body), with: value)
        return true
    }

    /// Changes text by text: for what needs more than one look at the file.
    mutating func change(_ range: Range<Int>, to text: String) { edits.replace(source.byteRange(range), with: text) }

    /// `text` at the byte behind `token`.
    mutating func insert(_ text: String, behind token: Int) {
        edits.insert(text, at: source.tokens[token].range.upperBound)
    }
}

extension String {
    /// The same with `margin` before every line but the first.
    func indented(by margin: String) -> String { replacing("\n", with: "\n\(margin)") }
}

/// `value` as a person writes it in Swift: `1e-4`, `0.5`, `10`.
func numeral(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e6 { return String(Int(value)) }
    var text = "\(value)"
    if abs(value) < 1e-2, !text.contains("e") {
        // 0.0004 is 4e-4.
        var (digits, exponent) = (value, 0)
        while abs(digits) < 1 { (digits, exponent) = (digits * 10, exponent - 1) }
        let mantissa = (digits * 1e6).rounded() / 1e6
        text = "\(mantissa)e\(exponent)"
    }
    return text.replacing("e-0", with: "e-").replacing(".0e", with: "e")
}
