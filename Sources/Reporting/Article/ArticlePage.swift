import CGAN
import Datasets
import Formats
import Foundation
import Mending
import Models

/// The page of the comparison.
struct ArticlePage {
    private let results: ArticleResults
    private let judgements: [Claim.Judgement]
    private var plan: ArticlePlan { results.plan }

    init(_ results: ArticleResults) {
        self.results = results
        judgements = results.judgements
    }

    func text() throws -> String {
        try Page(
            title: "Why are discriminator gradients zero? The article, run", lead: lead,
            sections: [
                .init("What the article says, and what came of it", anchor: "claims", claims),
                .init("What each remedy did", anchor: "remedies", remedies),
                .init("Where the listings fail as printed", anchor: "listings", try listings()),
                .init("Curves", anchor: "curves", curves), .init("Samples", anchor: "samples", try samples()),
                .init("The models", anchor: "models", models),
                .init("How to read the numbers", anchor: "reading", reading),
            ]
        ).text()
    }

    // MARK: What it came to

    private func count(_ outcome: Claim.Outcome) -> Int { judgements.count { $0.outcome == outcome } }

    private var lead: HTML {
        let trained = plan.models.filter { !results.results(of: $0.name).isEmpty }
        let seeds = plan.seeds.map(String.init).joined(separator: ", ")
        let missing = plan.runs.count - results.results.count
        let rest: HTML =
            missing == 0 ? .nothing : "<p>\(PlotNumber.counted(missing, "run")) of the plan not done yet.</p>"
        return """
            <p>\(PlotNumber.counted(trained.count, "model")), each trained for \(plan.steps) steps on \(plan.data) with the \
            seeds \(seeds): the three listings of the article, the game that its text describes, and the remedies that it \
            names, each alone. Of \(judgements.count) claims \(count(.held)) held, \(count(.didNotHold)) did not, and \
            \(count(.undecided)) \(count(.undecided) == 1 ? "is" : "are") not decided by these runs; every rule is a threshold in the \
            program, and a claim holds only if it does for every seed.</p>
            \(rest)
            <div class="verdict">\(answer)</div>
            """
    }

    /// The answer to the article's title, from the measures.
    private var answer: HTML {
        func middle(_ name: String, _ value: (RunMeasures) -> Double?) -> String {
            median(results.results(of: name).compactMap { value($0.measures) }).map(PlotNumber.text) ?? "–"
        }
        func row(_ model: String) -> HTML? {
            guard let title = results.results(of: model).first?.run.model.title else { return nil }
            return """
                <p><b>\(title)</b>: at their lowest, the gradient with respect to the images is \
                \(middle(model) { $0.image?.lowest }) of what it was at the beginning, the generator's \
                \(middle(model) { $0.generator?.lowest }), the discriminator's own \
                \(middle(model) { $0.discriminator?.lowest }); the discriminator is right on \
                \(middle(model) { $0.accuracy.map { 100 * $0 } })% of the pairs, and \
                \(middle(model) { $0.labels.map { 100 * $0.generated } })% of the images show their label.</p>
                """
        }
        return ["article-basic", "article-minimax", "article-overpowered", "article-overpowered-hinge"].compactMap(row)
            .joined()
    }

    private var claims: HTML {
        var table = HTMLTable([
            ("the article", .left), ("runs", .left), ("it is so if", .left), ("outcome", .left), ("measured", .left),
        ])
        for judgement in judgements {
            table.add([
                "<blockquote>\(judgement.claim.quote)</blockquote>", "\(judgement.claim.subject)",
                "\(judgement.claim.rule)", Self.word(judgement.outcome),
                judgement.numbers.map { "\($0)" as HTML }.joined(separator: "<br>"),
            ])
        }
        return table.html
    }

    private static func word(_ outcome: Claim.Outcome) -> HTML {
        switch outcome {
        case .held: "<span class=\"word good\">held</span>"
        case .didNotHold: "<span class=\"word bad\">did not hold</span>"
        case .undecided: "<span class=\"word open\">not decided</span>"
        }
    }

    // MARK: Tables and curves

    private var remedies: HTML {
        var table = HTMLTable(
            [("model", .left)] + MeasureColumn.shown.map { ("\($0.heading)", .right) } + [("verdict at the end", .left)]
        )
        for model in plan.models {
            let own = results.results(of: model.name).map(\.measures)
            guard !own.isEmpty else { continue }
            if model.name == "article-basic" { table.add(heading: "The listings") }
            if model.name == "article-minimax" { table.add(heading: "What the text describes, and its remedies") }
            let name: HTML = "<b>\(model.title)</b><br><span class=\"soft\">\(model.change)</span>"
            table.add(
                [name] + MeasureColumn.shown.map { column in column.text(own.compactMap(column.value)) }
                    + [Self.verdicts(of: own)])
        }
        return """
            <p>Medians over the seeds, with the lowest and the highest below. Gradients are norms relative to those of the \
            first step; late is the second half of the run.</p>
            \(table.html)
            """
    }

    /// How many seeds end in which verdict.
    private static func verdicts(of measures: [RunMeasures]) -> HTML {
        let codes = measures.compactMap(\.verdict).map { $0.code?.rawValue ?? "healthy" }
        var names: [String] = []
        for code in codes where !names.contains(code) { names.append(code) }
        return names.map { name -> HTML in
            let count = codes.count { $0 == name }
            return count == codes.count ? "\(name)" : "\(name) (\(count) of \(codes.count))"
        }.joined(separator: "<br>")
    }

    /// What is drawn of each panel's models.
    private static let quantities: [(name: String, title: String, kind: Axis.Kind, limits: ClosedRange<Double>?)] = [
        ("generator.gradient.image", "gradient with respect to the generated images", .logarithmic, nil),
        ("gradient.norm.generator", "gradient norm of the generator's parameters", .logarithmic, nil),
        ("gradient.norm.discriminator", "gradient norm of the discriminator's parameters", .logarithmic, nil),
        ("logit.accuracy", "the discriminator's accuracy", .linear, 0...1),
        ("sigmoid.slope.fake", "E[σ′(logit)] on generated pairs", .logarithmic, nil),
        ("label.effect.generator", "how far images move when their label is turned", .linear, nil),
    ]

    private var curves: HTML {
        let panels = ArticlePanel.all.map { panel -> HTML in
            let models = panel.models.filter { !results.results(of: $0).isEmpty }
            guard !models.isEmpty else { return .nothing }
            let plots = Self.quantities.map { quantity -> HTML in
                let series = models.enumerated().map { results.series(quantity.name, of: $1, colour: $0) }
                let plot = LinePlot(quantity.title, series, kind: quantity.kind, within: quantity.limits)
                return plot.isEmpty ? .nothing : "<figure>\(plot.svg)</figure>"
            }
            return "<h3>\(panel.heading)</h3><p>\(panel.text)</p><div class=\"plots\">\(plots.joined())</div>"
        }
        return """
            <p>Lines are medians over the seeds, bands reach from the lowest seed to the highest; the horizontal axis counts \
            steps. What is exactly zero has no place on a logarithmic axis: a gap.</p>
            \(panels.joined())
            """
    }

    private func samples() throws -> HTML {
        let sheets = try plan.models.map { model -> HTML in
            let own = try results.results(of: model.name).compactMap { result -> HTML? in
                let path = result.run.folder.samplePath(step: plan.steps)
                guard FileManager.default.fileExists(atPath: path) else { return nil }
                let share =
                    result.measures.labels.map { ", \(PlotNumber.percent($0.generated)) show their label" } ?? ""
                return try EmbeddedImage(png: path, caption: "seed \(result.run.seed)\(share)").html
            }
            guard !own.isEmpty else { return .nothing }
            return """
                <h3>\(model.title)</h3><p class="soft">\(model.change)</p><div class="sheets">\(own.joined())</div>
                """
        }
        return """
            <p>After \(plan.steps) steps: one row for each class, the same latents in every column.</p>
            \(try realSheet())\(sheets.joined())
            """
    }

    /// Real examples in the order of the sheets.
    private func realSheet() throws -> HTML {
        guard let program = try results.results.first.map({ try $0.run.model.program() }) else { return .nothing }
        let shape = program.image.pixels
        let rows = min(program.classes, 10)
        guard shape.channels == 1 || shape.channels == 3,
            let dataset = try? program.dataset(plan.data)
        else { return .nothing }
        let batch = dataset.batch(rows: 0..<min(2000, dataset.count ?? 2000))
        let size = shape.sampleCount
        var pixels: [UInt8] = []
        for label in 0..<Int32(rows) {
            let own = batch.labels.indices.filter { batch.labels[$0] == label }.prefix(10)
            for index in own { pixels += batch.pixels[index * size..<(index + 1) * size] }
            pixels += [UInt8](repeating: 0, count: (10 - own.count) * size)
        }
        let sheet = SampleSheet.compose(bytes: pixels, shape: shape, rows: rows, columns: 10)
        let image = EmbeddedImage(sheet, caption: "real examples of \(plan.data)").html
        return "<h3>real</h3><div class=\"sheets\">\(image)</div>"
    }

    // MARK: Texts

    private func listings() throws -> HTML {
        guard let first = ArticleModel.named("article-basic") else { return .nothing }
        let basic = try CheckedModel(first.source, first.program)
        let printed = try PrintedListing.all.map { listing -> HTML in
            let check = try CheckedModel(listing.source, listing.program)
            let own = check.remarks.filter { !basic.codes.contains($0.code) }
            let shared = check.remarks.count - own.count
            let codes =
                own.isEmpty
                ? "nothing of this" : check.codes.filter { !basic.codes.contains($0) }.joined(separator: ", ")
            let rest: HTML =
                shared == 0
                ? .nothing : " Besides, \(PlotNumber.counted(shared, "remark")) as of the first listing itself (above)."
            let text: HTML =
                own.isEmpty ? .nothing : "<pre class=\"wrap\">\(own.map(\.text).joined(separator: "\n\n"))</pre>"
            return """
                <h3><code>\(listing.printed)</code></h3>
                <p>In its framework: \(listing.inFramework). <code>cganc check \(listing.file)</code> says: \(codes).\(rest)</p>
                \(text)
                <details><summary>the model</summary><pre>\(listing.source)</pre></details>
                """
        }
        return """
            <p>Each is written as a model and checked while this page was made; the texts below are what <code>cganc \
            check</code> prints of it.</p>
            <h3>the first listing, its discriminator ending in a sigmoid</h3>
            <p>It runs. <code>cganc check article-basic</code> says:</p>
            <pre class="wrap">\(basic.text)</pre>
            \(printed.joined())
            """
    }

    private var models: HTML {
        guard let first = plan.models.first, !first.source.isEmpty else { return .nothing }
        let others = plan.models.dropFirst().map { model -> HTML in
            """
            <h3>\(model.title) <span class="soft">\(model.name)</span></h3><p>\(model.change).</p>
            \(LineDiff(from: Self.body(of: first.source), to: Self.body(of: model.source)).html)
            """
        }
        return """
            <p>Each goes by its name: <code>cganc train article-overpowered</code>, <code>cganc init mine --from \
            article-overpowered</code>. The runs of this page watch one value more, the gradient with respect to the \
            generated images.</p>
            <h3>\(first.title) <span class="soft">\(first.name)</span></h3><pre>\(first.source)</pre>
            \(others.joined())
            """
    }

    /// The text of a model after its comment and its names.
    private static func body(of source: String) -> String {
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0.hasPrefix("    let images") } ?? 0
        return lines[start...].joined(separator: "\n")
    }

    private var reading: HTML {
        """
        <ul>
        <li>The gradient with respect to the generated images is the norm, over the whole batch, of the derivative of the \
        generator's loss: all that the discriminator tells the generator. The other two are norms over all parameters of a \
        network, before the optimiser.</li>
        <li>E[σ′(logit)] is the mean of σ(f)·(1 − σ(f)) over generated pairs. Under the saturating loss every example's \
        gradient carries σ(f), which is as small when the discriminator is sure.</li>
        <li>Accuracy is the share of pairs on the right side of 0, of 64 real and 64 generated ones. A Wasserstein critic's \
        number has no zero of its own: its accuracy and its E[σ′] mean nothing.</li>
        <li>Label agreement: the class of 200 generated images as the 5 nearest of 2000 real ones have it.</li>
        <li>Spread is the deviation of pixels about the mean of their class, of generated images divided by that of real \
        ones.</li>
        <li>Verdicts are those of <code>cganc diagnose</code>; <code>cganc explain GZ203</code> prints a page on one.</li>
        <li>The same command gives the same numbers on the same machine, whatever the number of threads.</li>
        </ul>
        <footer>Written by <code>cganc article --steps \(plan.steps) --seeds \
        \(plan.seeds.map(String.init).joined(separator: ",")) --data \(plan.data)</code>. The numbers are in claims.csv, \
        runs.csv and curves.csv beside this page.</footer>
        """
    }
}
