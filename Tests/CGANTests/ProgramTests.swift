import CGAN
import Foundation
import Graph
import Models
import Testing

@Suite("Programs")
struct ProgramTests {
    @Test("every shipped model's graphs keep the rules of graphs", arguments: ShippedModel.all.map(\.name))
    func verifies(name: String) throws {
        let program = try #require(ShippedModel.named(name)).program()
        #expect(program.name == name)
        #expect(program.phases.map(\.name) == ["discriminator", "generator"])
        for graph in program.phases.map(\.graph) + [program.sampler] { try graph.verify() }
        #expect(program.phases.allSatisfy { $0.runs == 1 && $0.graph.outputs[0].name == "loss" })
    }

    @Test("a program read back from JSON is written as the same bytes", arguments: ShippedModel.all.map(\.name))
    func roundTrip(name: String) throws {
        let bytes = try #require(ShippedModel.named(name)).program(batch: 4).json()
        let read = try JSONDecoder().decode(Program.self, from: Data(bytes))
        #expect(try read.json() == bytes)
    }

    @Test("parameters of dcgan-wgan-gp have the names, shapes and layouts that checkpoints and dumps rely on")
    func parameters() throws {
        let program = try #require(ShippedModel.named("dcgan-wgan-gp")).program()
        let lines = program.parameters.map { "\($0.name) \($0.shape) \($0.layout)" }
        #expect(
            lines == [
                "generator.dense1.weight [110, 6272] in,out",
                "generator.dense1.bias [6272] channel",
                "generator.convTranspose1.weight [4, 4, 64, 128] HWOI",
                "generator.convTranspose1.bias [64] channel",
                "generator.convTranspose2.weight [4, 4, 1, 64] HWOI",
                "generator.convTranspose2.bias [1] channel",
                "discriminator.labelPlane.weight [10, 784] class,pixel",
                "discriminator.conv1.weight [4, 4, 2, 64] HWIO",
                "discriminator.conv1.bias [64] channel",
                "discriminator.conv2.weight [4, 4, 64, 128] HWIO",
                "discriminator.conv2.bias [128] channel",
                "discriminator.dense1.weight [6272, 1] in,out",
                "discriminator.dense1.bias [1] channel",
            ])
    }

    @Test("convolutions' weights begin by fan-in (He, LeCun), dense ones by both fans (Glorot)")
    func initializers() throws {
        let program = try #require(ShippedModel.named("dcgan-wgan-gp")).program()
        func initializer(_ name: String) -> Initializer? { program.parameters.first { $0.name == name }?.initializer }
        #expect(initializer("generator.dense1.weight") == .uniform(limit: (6.0 / (110 + 6272)).squareRoot()))
        // Four products of each of 128 channels add up to a pixel of the transposed convolution.
        #expect(initializer("generator.convTranspose1.weight") == .normal(deviation: (2.0 / 512).squareRoot()))
        #expect(initializer("generator.convTranspose2.weight") == .normal(deviation: (1.0 / 256).squareRoot()))
        #expect(initializer("discriminator.dense1.weight") == .uniform(limit: (6.0 / 6273).squareRoot()))
        #expect(initializer("discriminator.dense1.bias") == .constant(0))
    }

    @Test("nodes are named by layer and by what the network is applied to, and penalties by their own name")
    func origins() throws {
        let graph = try #require(ShippedModel.named("dcgan-wgan-gp")).program(batch: 2).graph(of: "discriminator")
        let names = Set(graph.nodes.map(\.origin.name))
        for name in [
            "discriminator.conv1.real", "discriminator.conv1.fake", "discriminator.conv1.interpolate",
            "generator.convTranspose2", "discriminator.conv1.weight", "loss", "loss.penalty", "images", "latent",
            "alpha",
        ] { #expect(names.contains(name), "\(name)") }
        let convolution = graph.nodes.first { $0.origin.name == "discriminator.conv1.real" }
        #expect(convolution?.origin.location?.file == "Models/DCGANWassersteinPenalty.swift")
    }

    @Test("the batch can be chosen instead of the model's own")
    func batch() throws {
        let program = try Program(SmallModel(), batch: 5)
        #expect(program.batch == 5)
        #expect(program.sampler.output("images").map { program.sampler[$0].shape } == [5, 4, 4, 1])
    }

    @Test("a model without a name of its own is called after its type")
    func names() throws {
        struct FashionCritic: ConditionalGAN {
            let images = ImageShape(height: 4, width: 4, channels: 1)
            let classes = 3
            var generator: Network { SmallModel.generator }
            var discriminator: Network { SmallModel.discriminator }
            var objective: Objective { .hinge() }
        }
        let program = try Program(FashionCritic())
        #expect(program.name == "fashion-critic" && program.latent == 100 && program.batch == 64)
    }

    @Test("updates, optimisers and the moving average follow the training that is written")
    func training() throws {
        var model = SmallModel()
        model.training = Training(batch: 2, steps: 30, seed: 9)
            .discriminator(.rmsProp(5e-5), updatesPerStep: 5)
            .generator(.sgd(0.1, momentum: 0.9, nesterov: true))
            .average(.generator, decay: 0.99)
        let program = try Program(model)
        #expect(program.phases.map(\.runs) == [5, 1])
        #expect(program.phases[0].optimizer == .rmsProp(rate: 5e-5, decay: 0.9, epsilon: 1e-8))
        #expect(program.phases[1].optimizer == .sgd(rate: 0.1, momentum: 0.9, nesterov: true))
        #expect(program.average == MovingAverage(network: "generator", decay: 0.99))
        #expect(program.steps == 30 && program.seed == 9)
    }

    @Test("watched values follow the loss, in the order of writing, in the phase they are given to")
    func tracking() throws {
        let program = try Program(
            WrittenModel { model, batch in
                let score = mean(model.discriminator(model.generator(batch.latent, batch.labels), batch.labels))
                return Losses(
                    discriminator: score, generator: -score, tracking: ["b": score, "a": 2 * score],
                    generatorTracking: ["c": score])
            })
        #expect(program.graph(of: "discriminator").outputs.map(\.name) == ["loss", "b", "a"])
        #expect(program.graph(of: "generator").outputs.map(\.name) == ["loss", "c"])
    }

    @Test("applying a network twice to the same tensors is one value, and other tensors get another tag")
    func applications() throws {
        let graph = try Program(
            WrittenModel { model, batch in
                let fake = model.generator(batch.latent, batch.labels)
                let once = mean(model.discriminator(fake, batch.labels))
                let again = mean(model.discriminator(fake, batch.labels))
                let other = model.generator(batch.latent(named: "second"), batch.labels)
                let third = mean(model.discriminator(other, batch.labels))
                let moved = mean(model.discriminator((0.5 * fake).named("dimmed"), batch.labels))
                return Losses(discriminator: once + again + third + moved, generator: once)
            }
        ).graph(of: "discriminator")
        let products = graph.nodes.filter { if case .matmul = $0.op { true } else { false } }.map(\.origin.name)
        #expect(
            products == [
                "generator.dense1", "discriminator.dense1.fake", "generator.dense1.second",
                "discriminator.dense1.fake2", "discriminator.dense1.dimmed",
            ])
    }
}
