import Emission
import Foundation
import Native

/// Looks at both networks between two steps: at the examples and latents that the step's first run has seen, and at the
/// same with every label turned to the next class; the discriminator also at examples that no step takes, if there are
/// any. It changes nothing and draws nothing of its own.
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
    private let heldOut: HeldOutExamples?
    /// The names of what is seen, in the order of ``values(step:batch:)``.
    let names: [String]

    /// Nil if the model has nothing to look at, or draws its latents in a way of its own.
    init?(of model: NativeModel, heldOut: HeldOutExamples?) {
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
        self.heldOut = heldOut
        names =
            Self.logitNames + (heldOut == nil ? [] : ["logit.mean.heldout"])
            + (manifest.classes > 1 ? ["label.effect.discriminator", "label.effect.generator"] : [])
            + ["spread.class.real", "spread.class.fake"]
            + manifest.watched.flatMap { layer in
                ["mean", "deviation", "dead", "saturated"].map { "activation.\($0).\(layer.layer)" }
            }
    }

    /// What is seen after step `step`, which counts from 0 and took `batch`; not a number where there is nothing to see.
    func values(step: Int, batch: ExampleBatch) throws -> [Double] {
        let manifest = model.manifest
        let pixels = manifest.image.reduce(1, *)
        let rows = batch.rowNumbers(0..<manifest.batch)
        let labels = rows.map { batch.labels[$0] }
        let own = RealBuffer(indices: labels.map(Double.init))
        let next = RealBuffer(indices: labels.map { Double((Int($0) + 1) % manifest.classes) })
        let latents = RealBuffer(
            try model.random(phase: latent.phase, draw: latent.draw, step: step), precision: model.precision)
        func call(_ function: Int, _ operand: RealBuffer, _ labels: RealBuffer, into results: [RealBuffer]) throws {
            let arguments = manifest.functions[function].arguments.map { $0.element == "index" ? labels : operand }
            try model.call(function, arguments, into: results)
        }
        func logits(_ images: RealBuffer, _ labels: RealBuffer) throws -> [Double] {
            try call(score, images, labels, into: scored)
            return scored[0].doubles
        }

        var ofHeldOut: [Double]?
        if let heldOut {
            let rows = heldOut.rows(manifest.batch, step: step)
            heldOut.batch.gather(rows, pixels: pixels, into: images)
            ofHeldOut = try logits(images, RealBuffer(indices: rows.map { Double(heldOut.batch.labels[$0]) }))
        }
        try call(sample, latents, own, into: generated)
        try call(sample, latents, next, into: turned)
        batch.gather(rows, pixels: pixels, into: images)
        let ofTurned = try logits(images, next)
        let ofFake = try logits(generated[0], own)
        // The last one: the discriminator's layers are looked at on real pairs.
        let ofReal = try logits(images, own)

        var values = Self.tell(real: ofReal, fake: ofFake) + (ofHeldOut.map { [Self.mean($0)] } ?? [])
        if manifest.classes > 1 {
            let (before, after) = (RealBuffer(ofReal, precision: .double), RealBuffer(ofTurned, precision: .double))
            values.append(rootMeanSquareDifference(before, after))
            values.append(rootMeanSquareDifference(generated[0], turned[0]))
        }
        values.append(spreadWithinClasses(images, labels: labels))
        values.append(spreadWithinClasses(generated[0], labels: labels))
        for layer in manifest.watched {
            let buffer = layer.function == sample ? generated[layer.result] : scored[layer.result]
            let seen = ActivationStatistics(buffer, units: layer.units, kind: layer.kind)
            values += [seen.mean, seen.deviation, seen.dead, seen.saturated]
        }
        return values
    }

    private static let logitNames = [
        "logit.mean.real", "logit.deviation.real", "logit.sign.real", "logit.mean.fake", "logit.sign.fake",
        "logit.accuracy", "sigmoid.slope.fake",
    ]

    /// What the discriminator's outputs on real and on generated pairs tell, in the order of ``logitNames``.
    private static func tell(real: [Double], fake: [Double]) -> [Double] {
        func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 }
        let centre = mean(real)
        let accuracy = (mean(real) { $0 > 0 ? 1 : 0 } + mean(fake) { $0 < 0 ? 1 : 0 }) / 2
        let slope = mean(fake) { x in
            let e = exp(-abs(x))
            return e / ((1 + e) * (1 + e))
        }
        return [
            centre, mean(real) { ($0 - centre) * ($0 - centre) }.squareRoot(), mean(real, sign), mean(fake),
            mean(fake, sign), accuracy, slope,
        ]
    }

    private static func mean(_ values: [Double], _ body: (Double) -> Double = { $0 }) -> Double {
        values.reduce(0) { $0 + body($1) } / Double(values.count)
    }
}
