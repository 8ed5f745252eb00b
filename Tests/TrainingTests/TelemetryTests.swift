import Datasets
import Emission
import Foundation
import Graph
import Native
import Testing

@testable import Training

@Suite("Telemetry")
struct TelemetryTests {
    @Test(
        "norms are those of the gradient, of the updated tensor and of the update, in double",
        arguments: [BuiltModel.tinyInDouble, BuiltModel.wideInDouble])
    func norms(build: Task<BuiltModel, any Error>) async throws {
        let built = try await build.value
        let model = try built.model()
        let source = try ExampleSource(BuiltModel.glyphs, model: model)
        for step in 0..<3 {
            let batch = try source.batch(step: step)
            for (phase, entry) in model.manifest.phases.enumerated() {
                let before = try tensors(.parameter, of: model)
                _ = try model.runPhase(phase, step: step, batch: batch)
                let (after, gradients) = (try tensors(.parameter, of: model), try tensors(.gradient, of: model))
                for ((name, norms), network) in zip(try named(model.norms(), model), try networks(of: model))
                where network == entry.network {
                    let (old, new) = (try #require(before[name]), try #require(after[name]))
                    expectClose(norms.gradient, norm(try #require(gradients[name])), name)
                    expectClose(norms.weight, norm(new), name)
                    expectClose(norms.update, norm(zip(new, old).map { $0 - $1 }), name)
                    // Biases before a normalisation, and the critic's last one, have no gradient.
                    guard name.hasSuffix(".weight") else { continue }
                    #expect(norms.update > 0 && norms.updateRatio == norms.update / norms.weight, "\(name)")
                }
            }
        }
    }

    @Test("one thread and two tell the same norms", arguments: [BuiltModel.tiny, BuiltModel.wideLayers])
    func threadsDoNotMatter(build: Task<BuiltModel, any Error>) async throws {
        let built = try await build.value
        let norms = try [1, 2].map { threads in
            let model = try built.model(threads: threads)
            let source = try ExampleSource(BuiltModel.glyphs, model: model)
            for step in 0..<3 { _ = try model.step(step, batch: try source.batch(step: step)) }
            return try model.norms()
        }
        #expect(norms[0] == norms[1])
        #expect(TensorNorms(joining: norms[0]).gradient > 0)
    }

    @Test("the interval chooses the lines that tell of every parameter, and changes no bit of training")
    func intervals() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            for interval in [0, 1, 4] {
                _ = try built.session("\(folder)/\(interval)").run(
                    TrainingOptions(steps: 6, telemetryInterval: interval), progress: silent())
                #expect(try state("\(folder)/\(interval)", step: 6) == state("\(folder)/0", step: 6))
                let lines = try metrics("\(folder)/\(interval)").map { line in
                    try #require(
                        try JSONSerialization.jsonObject(with: Data((line + "}").utf8)) as? [String: Double])
                }
                for (index, line) in lines.enumerated() {
                    let isWatched = interval > 0 && (index == 0 || (index + 1) % interval == 0)
                    #expect((line["gradient.norm.discriminator.dense1.weight"] != nil) == isWatched)
                    #expect((line["activation.dead.generator.relu1"] != nil) == isWatched)
                    #expect((line["update.ratio.generator"] != nil) == (interval > 0))
                    #expect(line["generator.loss"] != nil)
                }
            }
        }
    }

    @Test("what is seen of both networks is what the interpreter computes, in double")
    func probeAgrees() async throws {
        let built = try await BuiltModel.tinyInDouble.value
        let model = try built.model()
        let source = try ExampleSource(BuiltModel.glyphs, model: model)
        for step in 0..<2 { _ = try model.step(step, batch: try source.batch(step: step)) }
        let batch = try source.batch(step: 1)
        let unseen = try #require(BuiltModel.stored(5).stored)
        let heldOut = try #require(HeldOutExamples(unseen))
        let probe = try #require(Probe(of: model, heldOut: heldOut))
        let values = try probe.values(step: 1, batch: batch)
        #expect(values.count == probe.names.count)
        let seen = Dictionary(uniqueKeysWithValues: zip(probe.names, values))

        var feeds: [String: TensorValue] = [:]
        for (index, tensor) in model.manifest.tensors.enumerated()
        where tensor.kind == .parameter || tensor.kind == .statistic {
            feeds[tensor.name] = TensorValue(Shape(tensor.shape), try model.values(ofTensor: index))
        }
        guard case .bytes(let bytes) = batch.images else { return #expect(Bool(false)) }
        let labels = (0..<8).map { Double(batch.labels[$0]) }
        func evaluate(_ graph: Graph?, _ operand: String, _ shape: Shape, _ values: [Double], turn: Double) throws
            -> Interpreter.Results
        {
            var all = feeds
            all[operand] = TensorValue(shape, values)
            all["labels"] = TensorValue([8], labels.map { ($0 + turn).truncatingRemainder(dividingBy: 3) })
            return try Interpreter(try #require(graph)).evaluate(all)
        }
        let program = built.compilation.differentiated
        let latents = try model.random(phase: 0, draw: 0, step: 1)
        let images = (0..<512).map { Double(bytes[$0]) / 127.5 - 1 }
        let made = try evaluate(program.sampler, "latent", [8, 4], latents, turn: 0)
        let turned = try evaluate(program.sampler, "latent", [8, 4], latents, turn: 1)
        let fakes = try #require(made["images"]).elements
        let real = try evaluate(program.probe, "images", [8, 8, 8, 1], images, turn: 0)
        let realTurned = try evaluate(program.probe, "images", [8, 8, 8, 1], images, turn: 1)
        let fake = try #require(
            try evaluate(program.probe, "images", [8, 8, 8, 1], fakes, turn: 0)["logits"]
        ).elements
        let logits = try #require(real["logits"]).elements

        let mean = logits.reduce(0, +) / 8
        // Five examples for a batch of eight: some come twice, and each step begins with the next one.
        let rows = heldOut.rows(8, step: 1)
        #expect(rows == [1, 1, 2, 2, 3, 4, 4, 0])
        let gathered: [UInt8] = rows.flatMap { row in Array(unseen.pixels[(row * 64)..<(row * 64 + 64)]) }
        feeds["images"] = TensorValue([8, 8, 8, 1], gathered.map { Double($0) / 127.5 - 1 })
        feeds["labels"] = TensorValue([8], rows.map { Double(unseen.labels[$0]) })
        let critic = Interpreter(try #require(program.probe))
        let ofHeldOut = try #require(try critic.evaluate(feeds)["logits"]).elements
        func difference(_ x: [Double], _ y: [Double]) -> Double {
            norm(zip(x, y).map { $0 - $1 }) / Double(x.count).squareRoot()
        }
        let relu = try #require(made["activation:generator.relu1"]).elements
        let dead = (0..<12).count { unit in (0..<8).allSatisfy { relu[$0 * 12 + unit] == 0 } }
        let expected: [String: Double] = [
            "logit.mean.real": mean, "logit.mean.heldout": ofHeldOut.reduce(0, +) / 8,
            "logit.deviation.real": norm(logits.map { $0 - mean }) / Double(8).squareRoot(),
            "logit.mean.fake": fake.reduce(0, +) / 8,
            "logit.sign.real": logits.reduce(0) { $0 + ($1 > 0 ? 1 : -1) } / 8,
            "logit.sign.fake": fake.reduce(0) { $0 + ($1 > 0 ? 1 : -1) } / 8,
            "logit.accuracy": Double(logits.count { $0 > 0 } + fake.count { $0 < 0 }) / 16,
            "sigmoid.slope.fake": fake.reduce(0) { $0 + 1 / ((1 + exp($1)) * (1 + exp(-$1))) } / 8,
            "label.effect.discriminator": difference(logits, try #require(realTurned["logits"]).elements),
            "label.effect.generator": difference(fakes, try #require(turned["images"]).elements),
            "activation.dead.generator.relu1": Double(dead) / 12,
            "activation.mean.generator.relu1": relu.reduce(0, +) / 96,
            "activation.saturated.generator.tanh1": Double(fakes.count { abs($0) > 0.95 }) / 512,
            "activation.mean.discriminator.leakyReLU1":
                try #require(real["activation:discriminator.leakyReLU1"]).elements.reduce(0, +) / 64,
        ]
        for (name, value) in expected.sorted(by: { $0.key < $1.key }) {
            let found = try #require(seen[name], "\(name)")
            #expect(abs(found - value) <= 1e-9 * max(1, abs(value)), "\(name): \(found), not \(value)")
        }
        #expect(try #require(seen["label.effect.generator"]) > 0)
        #expect(seen["activation.dead.generator.tanh1"]?.isNaN == true)
    }

    @Test("dead and saturated shares, and the spread within a class, of numbers made up for them")
    func statistics() {
        // Three units; the second is never above zero.
        let rectified = RealBuffer([1, 0, 0, 0, 0, 2], precision: .float)
        let relu = ActivationStatistics(rectified, units: 3, kind: .relu)
        #expect(relu.dead == 1.0 / 3 && relu.mean == 0.5 && relu.saturated.isNaN)
        #expect(abs(relu.deviation - (5.0 / 6 - 0.25).squareRoot()) < 1e-12)
        let squashed = RealBuffer([-1, 0.96, 0, 0.5], precision: .double)
        #expect(ActivationStatistics(squashed, units: 2, kind: .tanh).saturated == 0.5)
        #expect(ActivationStatistics(squashed, units: 2, kind: .sigmoid).saturated == 0.5)
        // Class 0 has the images (0, 0) and (2, 4), class 1 a single one.
        for precision in [Precision.float, .double] {
            let images = RealBuffer([0, 0, 9, 9, 2, 4], precision: precision)
            #expect(spreadWithinClasses(images, labels: [0, 1, 0]) == 5.0.squareRoot())
            let others = RealBuffer([0, 0, 9, 9, 2, 1], precision: precision)
            #expect(rootMeanSquareDifference(images, others) == (9.0 / 6).squareRoot())
        }
        #expect(spreadWithinClasses(RealBuffer([0, 0, 9, 9], precision: .float), labels: [0, 1]).isNaN)
    }

    @Test("a network's norm is that of its tensors as one")
    func networksAreJoined() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            _ = try built.session(folder + "/run").run(
                TrainingOptions(steps: 1, telemetryInterval: 1), progress: silent())
            let line = try #require(try metrics(folder + "/run").first)
            let values = try #require(
                try JSONSerialization.jsonObject(with: Data((line + "}").utf8)) as? [String: Double])
            for quantity in ["gradient.norm", "weight.norm"] {
                for network in ["generator", "discriminator"] {
                    let parts = values.filter { $0.key.hasPrefix("\(quantity).\(network).") }.map(\.value)
                    #expect(parts.count >= 4)
                    expectClose(try #require(values["\(quantity).\(network)"]), norm(parts), quantity)
                }
            }
        }
    }
}

private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

private func expectClose(_ value: Double, _ expected: Double, _ name: String) {
    #expect(abs(value - expected) <= 1e-12 * expected, "\(name): \(value), not \(expected)")
}

private func tensors(_ kind: Manifest.Kind, of model: NativeModel) throws -> [String: [Double]] {
    var values: [String: [Double]] = [:]
    for (index, tensor) in model.manifest.tensors.enumerated() where tensor.kind == kind {
        values[tensor.name] = try model.values(ofTensor: index)
    }
    return values
}

private func trained(_ model: NativeModel) -> [(name: String, network: String)] {
    model.manifest.tensors.filter { $0.kind == .gradient }.map { ($0.name, $0.network) }
}

private func named(_ norms: [TensorNorms], _ model: NativeModel) throws -> [(name: String, norms: TensorNorms)] {
    let names = trained(model)
    try #require(names.count == norms.count)
    return zip(names, norms).map { ($0.name, $1) }
}

private func networks(of model: NativeModel) throws -> [String] { trained(model).map(\.network) }
