/// The plots of a run.
struct RunCurves {
    private let record: RunRecord
    private let marks: [LinePlot.Mark]

    init(_ record: RunRecord) {
        self.record = record
        // Verdicts that begin at the same step share a line.
        var marks: [LinePlot.Mark] = []
        for verdict in record.history {
            guard let code = verdict.code?.rawValue else { continue }
            if let last = marks.last, last.x == Double(verdict.since) {
                marks[marks.count - 1].text += ", \(code)"
            } else {
                marks.append(.init(at: Double(verdict.since), code))
            }
        }
        self.marks = Array(marks.prefix(6))
    }

    /// The plots that have something to show, below their headings.
    var html: HTML {
        let groups: [(String, [LinePlot])] = [
            ("Losses", [losses] + tracked), ("Gradients and updates", [gradients, updates] + depth),
            ("What the discriminator thinks", [accuracy, sigmoidSlope, logits]),
            ("Labels and variety", [labels, spread]), ("Layers", [dead, saturated]),
        ]
        return groups.map { heading, plots -> HTML in
            let drawn = plots.filter { !$0.isEmpty }.map { "<figure>\($0.svg)</figure>" as HTML }
            return drawn.isEmpty ? .nothing : "<h3>\(heading)</h3><div class=\"plots\">\(drawn.joined())</div>"
        }.joined()
    }

    private func plot(
        _ title: String, _ lines: [(name: String, value: String)], kind: Axis.Kind = .linear,
        within limits: ClosedRange<Double>? = nil
    ) -> LinePlot {
        // There are eight colours.
        let series = lines.prefix(8).enumerated().map { index, line in
            Series(line.name, thinning: record.values(line.value), colour: index)
        }
        return LinePlot(title, series, kind: kind, within: limits, marks: marks)
    }

    private var losses: LinePlot {
        plot("losses", [("discriminator", "discriminator.loss"), ("generator", "generator.loss")])
    }

    /// What the model tracks besides its losses, a plot each, with those of the preset named by what they are.
    private var tracked: [LinePlot] {
        record.program.phases.flatMap { phase in
            phase.graph.outputs.dropFirst().filter { !$0.name.hasPrefix("state:") }.map { output in
                let name = "\(phase.name).\(output.name)"
                return plot(name, [(output.name, name)])
            }
        }
    }

    private func perNetwork(_ title: String, _ prefix: String) -> LinePlot {
        plot(
            title, [("discriminator", "\(prefix).discriminator"), ("generator", "\(prefix).generator")],
            kind: .logarithmic)
    }

    private var gradients: LinePlot { perNetwork("gradient norms", "gradient.norm") }
    private var updates: LinePlot { perNetwork("update divided by weights", "update.ratio") }

    /// The gradients of each network's weights from its input to its output.
    private var depth: [LinePlot] {
        ["discriminator", "generator"].map { network in
            let weights = record.program.parameters.filter {
                $0.network == network && $0.isTrained && $0.shape.dimensions.count > 1
            }
            return plot(
                "gradient norms of the \(network)'s weights, from input to output",
                weights.map { (String($0.name.dropFirst(network.count + 1)), "gradient.norm.\($0.name)") },
                kind: .logarithmic)
        }
    }

    private var accuracy: LinePlot {
        plot("accuracy", [("accuracy", "logit.accuracy")], within: 0...1)
    }

    private var sigmoidSlope: LinePlot {
        plot("E[σ′(logit)] on generated pairs", [("E[σ′]", "sigmoid.slope.fake")], kind: .logarithmic)
    }

    private var logits: LinePlot {
        plot(
            "mean logits",
            [("real", "logit.mean.real"), ("held out", "logit.mean.heldout"), ("generated", "logit.mean.fake")])
    }

    private var labels: LinePlot {
        plot(
            "how far results move when the label is turned",
            [("discriminator", "label.effect.discriminator"), ("generator", "label.effect.generator")],
            kind: .logarithmic)
    }

    private var spread: LinePlot {
        plot("spread within a class", [("real", "spread.class.real"), ("generated", "spread.class.fake")])
    }

    private var dead: LinePlot { perLayer("share of dead units", "activation.dead.") }
    private var saturated: LinePlot { perLayer("share of saturated values", "activation.saturated.") }

    private func perLayer(_ title: String, _ prefix: String) -> LinePlot {
        let names = record.names(beginningWith: prefix)
        let order = record.program.layers.map(\.name)
        let layers = order.filter { names.contains(prefix + $0) }
        return plot(title, layers.map { ($0, prefix + $0) }, within: 0...1)
    }
}
