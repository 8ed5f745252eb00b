import CGAN
import Graph
import Testing

@Suite("Batch normalisation")
struct BatchNormTests {
    private let program: Program

    init() throws {
        program = try Program(
            SmallModel(generator: {
                Network {
                    Inputs(.latent, .label(.ignored))
                    Dense(16, bias: false)
                    BatchNorm(epsilon: 0.25, momentum: 0.75)
                    Reshape(4, 4, 1)
                }
            }))
    }

    @Test("statistics come after the trained parameters and are not trained")
    func order() {
        let own = program.parameters.filter { $0.network == "generator" }
        #expect(
            own.map(\.name) == [
                "generator.dense1.weight", "generator.batchNorm1.scale", "generator.batchNorm1.offset",
                "generator.batchNorm1.mean", "generator.batchNorm1.variance",
            ])
        #expect(own.map(\.isTrained) == [true, true, true, false, false])
        #expect(own.last?.initializer == .constant(1))
    }

    @Test("only the phase that trains the network renews its statistics")
    func phases() {
        #expect(program.graph(of: "discriminator").outputs.allSatisfy { !$0.name.hasPrefix("state:") })
        #expect(
            program.graph(of: "generator").outputs.map(\.name) == [
                "loss", "state:generator.batchNorm1.mean", "state:generator.batchNorm1.variance",
            ])
    }

    @Test("statistics move towards the batch's mean and biased variance by 1 − momentum")
    func renewal() throws {
        // Latents (1, 0) and (3, 0) and first-row weights of 1: every unit is 1 and 3, mean 2, variance 1.
        let weight = TensorValue([2, 16], (0..<32).map { $0 < 16 ? 1 : 0 })
        let values = try program.graph(of: "generator").evaluated([
            "latent": TensorValue([2, 2], [1, 0, 3, 0]), "generator.dense1.weight": weight,
            "generator.batchNorm1.mean": TensorValue([16], repeating: 10),
            "generator.batchNorm1.variance": TensorValue([16], repeating: 5),
        ])
        #expect(values["state:generator.batchNorm1.mean"] == TensorValue([16], repeating: 0.75 * 10 + 0.25 * 2))
        #expect(values["state:generator.batchNorm1.variance"] == TensorValue([16], repeating: 0.75 * 5 + 0.25 * 1))
    }

    @Test("a sampler uses kept statistics: (x − mean) / √(variance + ε) · scale + offset")
    func sampling() throws {
        let weight = TensorValue([2, 16], (0..<32).map { $0 < 16 ? 1 : 0 })
        let values = try program.sampler.evaluated([
            "latent": TensorValue([2, 2], [1, 0, 3, 0]), "generator.dense1.weight": weight,
            "generator.batchNorm1.mean": TensorValue([16], repeating: 2),
            "generator.batchNorm1.variance": TensorValue([16], repeating: 3.75),
            "generator.batchNorm1.scale": TensorValue([16], repeating: 4),
            "generator.batchNorm1.offset": TensorValue([16], repeating: 0.5),
        ])
        let images = try #require(values["images"])
        #expect(images.elements[..<16].allSatisfy { abs($0 - (-1.0 / 2 * 4 + 0.5)) < 1e-12 })
        #expect(images.elements[16...].allSatisfy { abs($0 - (1.0 / 2 * 4 + 0.5)) < 1e-12 })
    }

    @Test("in a discriminator the real pairs renew the statistics first, then the generated ones")
    func discriminator() throws {
        let program = try Program(
            SmallModel(discriminator: {
                Network {
                    Inputs(.image, .label(.ignored))
                    BatchNorm(momentum: 0.5)
                    Dense(1)
                }
            }))
        let graph = program.graph(of: "discriminator")
        let values = try graph.evaluated([
            "images": TensorValue([2, 4, 4, 1], repeating: 8), "discriminator.batchNorm1.mean": TensorValue([1], [0]),
            "generator.dense1.weight": TensorValue([5, 16], repeating: 0),
            "generator.dense1.bias": TensorValue([16], repeating: 2),
        ])
        #expect(values["state:discriminator.batchNorm1.mean"] == TensorValue([1], [(8 / 2 + 2) / 2]))
    }
}
