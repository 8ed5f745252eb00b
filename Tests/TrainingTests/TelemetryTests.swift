import Emission
import Foundation
import Native
import Testing

@testable import Training

@Suite("Telemetry")
struct TelemetryTests {
    @Test("norms are those of the gradient, of the updated tensor and of the update, in double")
    func norms() async throws {
        let built = try await BuiltModel.tinyInDouble.value
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

    @Test("one thread and two tell the same norms")
    func threadsDoNotMatter() async throws {
        let built = try await BuiltModel.tiny.value
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
                    #expect((line["update.ratio.generator"] != nil) == (interval > 0))
                    #expect(line["generator.loss"] != nil)
                }
            }
        }
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
