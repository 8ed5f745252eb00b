import Emission
import Foundation
import Native

/// Looks at both networks between two steps: at the examples and latents that the step's first run has seen, and at the
/// same with every label turned to the next class. It changes nothing and draws nothing of its own.
///
/// The generator is looked at as it samples (kept statistics), the discriminator as it trains (the batch's own), with
/// nothing dropped.
final class Probe {
    private let model: NativeModel
    private let sample, score: Int
    private let latent: (phase: Int, draw: Int)
    /// The results of the generator for the labels and for the turned ones, and of the discriminator.
    private let generated, turned, scored: [RealBuffer]
    private let images: RealBuffer
    /// The names of what is seen, in the order of ``values(step:batch:)``.
    let names: [String]

    /// Nil if the model has nothing to look at, or draws its latents in a way of its own.
    init?(of model: NativeModel) {
        let manifest = model.manifest
        let places = manifest.phases.enumerated().compactMap { index, phase in
            phase.draws.firstIndex { $0.name == "latent" && $0.shape == [manifest.batch, manifest.latent] }
                .map { (phase: index, draw: $0) }
        }
        guard let latent = places.first, let sample = manifest.functions.firstIndex(where: { $0.name == "sample" }),
            let score = manifest.functions.firstIndex(where: { $0.name == "score" })
        else { return nil }
        (self.model, self.sample, self.score, self.latent) = (model, sample, score, latent)
        func results(of function: Int) -> [RealBuffer] {
            manifest.functions[function].results.map {
                RealBuffer(count: $0.shape.reduce(1, *), precision: model.precision)
            }
        }
        (generated, turned, scored) = (results(of: sample), results(of: sample), results(of: score))
        images = RealBuffer(count: manifest.batch * manifest.image.reduce(1, *), precision: model.precision)
        names =
            Self.logitNames + (manifest.classes > 1 ? ["label.effect.discriminator", "label.effect.generator"] : [])
            + ["spread.class.real", "spread.class.fake"]
            + manifest.watched.flatMap { layer in
                ["mean", "deviation", "dead", "saturated"].map { "activation.\($0).\(layer.layer)" }
            }
    }

    /// What is seen after step `step`, which counts from 0 and took `batch`; not a number where there is nothing to see.
    func values(step: Int, batch: ExampleBatch) throws -> [Double] {
        let manifest = model.manifest
        let rows = batch.rowNumbers(0..<manifest.batch)
        let labels = rows.map { batch.labels[$0] }
        let held = RealBuffer(indices: labels.map(Double.init))
        let next = RealBuffer(indices: labels.map { Double((Int($0) + 1) % manifest.classes) })
        let latents = RealBuffer(
            try model.random(phase: latent.phase, draw: latent.draw, step: step), precision: model.precision)
        batch.gather(rows, pixels: manifest.image.reduce(1, *), into: images)
        func call(_ function: Int, _ operand: RealBuffer, _ labels: RealBuffer, into results: [RealBuffer]) throws {
            let arguments = manifest.functions[function].arguments.map { $0.element == "index" ? labels : operand }
            try model.call(function, arguments, into: results)
        }

        try call(sample, latents, held, into: generated)
        try call(sample, latents, next, into: turned)
        try call(score, images, next, into: scored)
        let realTurned = scored[0].doubles
        try call(score, generated[0], held, into: scored)
        let fake = scored[0].doubles
        try call(score, images, held, into: scored)
        let real = scored[0].doubles

        let fakes = generated[0].doubles
        var values = Self.logits(real: real, fake: fake)
        if manifest.classes > 1 {
            values.append(rootMeanSquareDifference(real, realTurned))
            values.append(rootMeanSquareDifference(fakes, turned[0].doubles))
        }
        values.append(spreadWithinClasses(images.doubles, labels: labels))
        values.append(spreadWithinClasses(fakes, labels: labels))
        for layer in manifest.watched {
            let buffer = layer.function == sample ? generated[layer.result] : scored[layer.result]
            let seen = ActivationStatistics(buffer, units: layer.units, kind: layer.kind)
            values += [seen.mean, seen.deviation, seen.dead, seen.saturated]
        }
        return values
    }

    private static let logitNames = [
        "logit.mean.real", "logit.sign.real", "logit.mean.fake", "logit.sign.fake", "logit.accuracy",
        "sigmoid.slope.fake",
    ]

    /// What the discriminator's outputs on real and on generated pairs tell.
    private static func logits(real: [Double], fake: [Double]) -> [Double] {
        func mean(_ values: [Double], _ body: (Double) -> Double) -> Double {
            values.reduce(0) { $0 + body($1) } / Double(values.count)
        }
        func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
        let accuracy = (mean(real) { $0 > 0 ? 1 : 0 } + mean(fake) { $0 < 0 ? 1 : 0 }) / 2
        let slope = mean(fake) { x in
            let e = exp(-abs(x))
            return e / ((1 + e) * (1 + e))
        }
        return [
            mean(real) { $0 }, mean(real, sign), mean(fake) { $0 }, mean(fake, sign), accuracy, slope,
        ]
    }
}
