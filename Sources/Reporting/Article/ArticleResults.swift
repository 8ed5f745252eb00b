import CGAN
import Datasets
import Foundation
import Training

/// What the runs of a plan came to.
public struct ArticleResults: Sendable {
    /// The plan.
    public let plan: ArticlePlan
    /// One run's record and measures.
    struct Result: Sendable {
        var run: ArticlePlan.Run
        var record: RunRecord
        var measures: RunMeasures
    }
    /// The results of the runs that are done, model by model and then by seed.
    let results: [Result]

    /// Reads the runs that are done.
    ///
    /// - Throws: what is wrong with a run's files.
    public init(_ plan: ArticlePlan) throws {
        self.plan = plan
        results = try plan.models.flatMap { model in
            let program = try model.program()
            let runs = plan.runs.filter { $0.model.name == model.name && $0.isDone(steps: plan.steps) }
            return try runs.map { run in
                let record = try RunRecord(run.folder, program: program)
                return Result(run: run, record: record, measures: RunMeasures(record, labels: try run.labels()))
            }
        }
    }

    init(_ plan: ArticlePlan, results: [Result]) {
        self.plan = plan
        self.results = results
    }

    /// The results of the model called `name`, by seed.
    func results(of name: String) -> [Result] { results.filter { $0.run.model.name == name } }

    /// What every claim comes to.
    public var judgements: [Claim.Judgement] {
        let runs = plan.seeds.map { seed in
            let own = results.filter { $0.run.seed == seed }
            return (
                seed: seed, measures: Dictionary(uniqueKeysWithValues: own.map { ($0.run.model.name, $0.measures) })
            )
        }
        return Claim.all.map { $0.judged(by: runs) }
    }

    /// The median over seeds in each of `count` windows of steps, with the extremes of the seeds as the band.
    ///
    /// - Parameters:
    ///   - name: what was measured.
    ///   - model: of which model.
    func series(_ name: String, of model: String, count: Int = 50, colour: Int) -> Series {
        let own = results(of: model)
        let size = max(1, (plan.steps + count - 1) / count)
        let perSeed = own.map { result -> [Int: Double] in
            let binned = Dictionary(grouping: result.record.values(name)) { ($0.step - 1) / size }
            return binned.compactMapValues { median($0.map(\.value)) }
        }
        let bins = Set(perSeed.flatMap(\.keys)).sorted()
        let points = bins.map { bin -> Series.Point in
            let values = perSeed.compactMap { $0[bin] }
            let centre = Double(bin * size + 1 + min(plan.steps, (bin + 1) * size)) / 2
            return Series.Point(centre, median(values), band: (values.min() ?? 0)...(values.max() ?? 0))
        }
        return Series(own.first?.run.model.title ?? model, points, colour: colour)
    }
}

/// A measure as a column of tables and files.
struct MeasureColumn: Sendable {
    /// In files.
    var name: String
    /// In tables.
    var heading: String
    var value: @Sendable (RunMeasures) -> Double?
    var isShare = false

    /// Every one, in order.
    static let all = [
        MeasureColumn(name: "image_gradient_late", heading: "images' gradient, late", value: { $0.image?.late }),
        MeasureColumn(name: "image_gradient_lowest", heading: "… lowest", value: { $0.image?.lowest }),
        MeasureColumn(name: "image_gradient_start", heading: "… start", value: { $0.image?.start }),
        MeasureColumn(name: "generator_gradient_late", heading: "generator's, late", value: { $0.generator?.late }),
        MeasureColumn(name: "generator_gradient_lowest", heading: "… lowest", value: { $0.generator?.lowest }),
        MeasureColumn(name: "generator_gradient_start", heading: "… start", value: { $0.generator?.start }),
        MeasureColumn(
            name: "discriminator_gradient_late", heading: "discriminator's, late", value: { $0.discriminator?.late }),
        MeasureColumn(
            name: "discriminator_gradient_lowest", heading: "… lowest", value: { $0.discriminator?.lowest }),
        MeasureColumn(
            name: "discriminator_gradient_start", heading: "… start", value: { $0.discriminator?.start }),
        MeasureColumn(name: "accuracy_late", heading: "D accuracy", value: { $0.accuracy }, isShare: true),
        MeasureColumn(name: "sure_from_step", heading: "sure from step", value: { $0.sureFrom.map(Double.init) }),
        MeasureColumn(
            name: "image_gradient_when_sure", heading: "images' gradient when sure", value: { $0.imageWhenSure }),
        MeasureColumn(
            name: "discriminator_gradient_when_sure", heading: "D's when sure", value: { $0.discriminatorWhenSure }),
        MeasureColumn(name: "sigmoid_slope_late", heading: "E[σ′]", value: { $0.sigmoidSlope }),
        MeasureColumn(name: "label_effect_late", heading: "label effect on G", value: { $0.labelEffect }),
        MeasureColumn(
            name: "label_agreement", heading: "label agreement", value: { $0.labels?.generated }, isShare: true),
        MeasureColumn(
            name: "label_agreement_real", heading: "… of real images", value: { $0.labels?.real }, isShare: true),
        MeasureColumn(name: "spread_late", heading: "spread, of real's", value: { $0.spread }),
        MeasureColumn(name: "penalty_slope_late", heading: "slope", value: { $0.slope }),
        MeasureColumn(name: "generator_updates_late", heading: "G's updates, late", value: { $0.updates }),
        MeasureColumn(name: "unsteadiness", heading: "unsteadiness", value: { $0.unsteadiness }),
        MeasureColumn(name: "seconds_per_step", heading: "s/step", value: { $0.seconds }),
    ]

    /// Those of the table that a page shows.
    static let shown = [
        "image_gradient_late", "image_gradient_lowest", "generator_gradient_late", "discriminator_gradient_late",
        "accuracy_late", "sigmoid_slope_late", "label_effect_late", "label_agreement", "spread_late",
    ].map { name in all.first { $0.name == name }! }

    /// The middle of `values` over the seeds, and how far they are apart.
    func text(_ values: [Double]) -> HTML {
        guard let middle = median(values), let low = values.min(), let high = values.max() else { return "–" }
        func text(_ value: Double) -> String { isShare ? PlotNumber.percent(value) : PlotNumber.text(value) }
        guard text(low) != text(high) else { return "\(text(middle))" }
        return "\(text(middle))<br><span class=\"soft\">\(text(low))\u{a0}… \(text(high))</span>"
    }
}
