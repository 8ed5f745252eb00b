import Differentiation
import Graph
import GraphTesting

@testable import CGAN

/// A model whose parts a test chooses: batches of six 4×4×2 images, three classes, latents of five numbers.
struct TestModel: ConditionalGAN {
    var name = "test-model"
    var images = ImageShape(height: 4, width: 4, channels: 2)
    var classes = 3
    var latent = 5
    var generator = Network {
        Inputs(.latent, .label(.oneHot))
        Dense(32)
        Tanh()
        Reshape(4, 4, 2)
    }
    var discriminator = Network {
        Inputs(.image, .label(.oneHot))
        Dense(7)
        LeakyReLU(0.2)
        Dense(1)
    }
    var objective = Objective.wasserstein()
    var training = Training(batch: 6)
    /// The losses, where they are written out.
    var losses: ((TestModel, Batch) -> Losses)?

    func objective(_ batch: Batch) -> Losses {
        losses?(self, batch)
            ?? objective.losses(generator: generator, discriminator: discriminator, on: batch)
            ?? Losses(discriminator: batch.constant(0), generator: batch.constant(0))
    }

    /// The same with other parts.
    func with(_ change: (inout TestModel) -> Void) -> TestModel {
        var model = self
        change(&model)
        return model
    }

    /// What is wrong with it.
    func mistakes() -> [ModelError] {
        do {
            _ = try Program(self)
            return []
        } catch let errors as ModelErrors {
            return errors.errors
        } catch {
            return [ModelError(.evaluationFailed, "\(error)")]
        }
    }
}

extension Program {
    /// The discriminator's or the generator's phase.
    func phase(_ name: String) -> Phase { phases.first { $0.name == name }! }

    /// Parameters' names in order.
    var names: [String] { parameters.map(\.name) }
}

extension Graph {
    /// A value for each leaf, by seed: labels below `classes`, masks as they are drawn, all else in `-1 ..< 1`.
    func feeds(seed: UInt64, classes: Int = 3) -> [String: TensorValue] {
        var numbers = SeededNumbers(seed: seed)
        var feeds: [String: TensorValue] = [:]
        for node in nodes {
            switch node.op {
            case .parameter(let name, let shape):
                // A variance is positive.
                feeds[name] = name.hasSuffix("variance") ? numbers.tensor(shape, 0.5, 2) : numbers.tensor(shape)
            case .input(let name, let type):
                feeds[name] =
                    type.element == .index ? numbers.indices(type.shape, below: classes) : numbers.tensor(type.shape)
            case .random(let draw, let shape):
                switch draw.distribution {
                case .uniform(let low, let high): feeds[draw.name] = numbers.tensor(shape, low, high)
                case .normal: feeds[draw.name] = numbers.tensor(shape)
                case .bernoulli(let probability, let value):
                    feeds[draw.name] = TensorValue(
                        shape, (0..<shape.count).map { _ in numbers.chance(probability) ? value : 0 })
                }
            default: break
            }
        }
        return feeds
    }

    /// The outputs' values, composites and gradients expanded.
    func values(_ feeds: [String: TensorValue]) throws -> Interpreter.Results {
        try Interpreter(decomposed().expandingGradients().graph).evaluate(feeds)
    }

    /// Names of the random draws, in order.
    var draws: [String] {
        nodes.compactMap { if case .random(let draw, _) = $0.op { draw.name } else { nil } }
    }
}

/// Layers applied to an input `x` outside any model: `y` is their result.
struct AppliedLayers {
    let graph: Graph
    let parameters: [Parameter]
    let layers: [LayerRecord]
    let errors: [ModelError]
    /// The result's shape.
    let shape: [Int]

    init(
        _ shape: Shape, mode: Trace.Mode = .training, isLabelled: Bool = true, classes: Int = 3,
        @NetworkBuilder _ network: () -> Network
    ) {
        let facts = ModelFacts(
            image: ImageShape(height: 4, width: 4, channels: 2), classes: classes, latent: 5, batch: shape[0])
        let network = network()
        let tables = ModelTables(generator: Network(layers: []), discriminator: network)
        let trace = Trace(facts: facts, tables: tables, mode: mode)
        let x = trace.emit(.input(name: "x", TensorType(shape)), [], "x", at: nil)
        let application = NetworkApplication(
            network: "discriminator", tag: nil, labels: isLabelled ? trace.labels : nil)
        let y = application.apply(network.layers, to: x, in: trace)
        if let node = y.node { trace.graph.outputs = [Output("y", node)] }
        trace.addRenewedStatistics(of: "discriminator")
        graph = trace.graph
        parameters = tables.parameters
        layers = tables.layers
        errors = tables.errors
        self.shape = y.shape
    }

    /// Values of the leaves, by seed.
    func feeds(seed: UInt64 = 1) -> [String: TensorValue] { graph.feeds(seed: seed) }

    /// Parameters as `name shape layout`, without the network.
    var table: [String] {
        parameters.map { "\($0.name.dropFirst("discriminator.".count)) \($0.shape) \($0.layout)" }
    }
}

/// True if the values agree to `tolerance`, relative to the larger of 1 and their size.
func agree(_ a: [Double], _ b: [Double], to tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($0), abs($1)) }
}

/// The same of two numbers.
func agree(_ a: Double, _ b: Double, to tolerance: Double = 1e-12) -> Bool { agree([a], [b], to: tolerance) }
