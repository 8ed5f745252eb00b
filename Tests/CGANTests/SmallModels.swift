import CGAN
import Differentiation
import Graph
import Testing

/// A model put together by a test; by default the smallest one that is right: 4×4×1 images, 3 classes, batch 2.
struct SmallModel: ConditionalGAN {
    var name = "small-model"
    var images = ImageShape(height: 4, width: 4, channels: 1)
    var classes = 3
    var latent = 2
    var makeGenerator: () -> Network = { SmallModel.generator }
    var makeDiscriminator: () -> Network = { SmallModel.discriminator }
    var objective: Objective = .wasserstein()
    var training = Training(batch: 2)

    var generator: Network { makeGenerator() }
    var discriminator: Network { makeDiscriminator() }

    @NetworkBuilder static var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(16)
        Reshape(4, 4, 1)
    }

    @NetworkBuilder static var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Dense(1)
    }

    init() {}

    /// The smallest model with another discriminator.
    init(discriminator: @escaping () -> Network) { makeDiscriminator = discriminator }

    /// The smallest model with another generator.
    init(generator: @escaping () -> Network) { makeGenerator = generator }
}

/// A model whose losses are written out by a test.
struct WrittenModel: ConditionalGAN {
    let images = ImageShape(height: 4, width: 4, channels: 1)
    let classes = 3
    let latent = 2
    let training = Training(batch: 2)
    var losses: (WrittenModel, Batch) -> Losses = { _, batch in
        Losses(discriminator: batch.constant(0), generator: batch.constant(0))
    }

    var generator: Network { SmallModel.generator }
    var discriminator: Network { SmallModel.discriminator }
    func objective(_ batch: Batch) -> Losses { losses(self, batch) }

    init() {}
    init(_ losses: @escaping (WrittenModel, Batch) -> Losses) { self.losses = losses }
}

/// What is wrong with `model`; fails the test if nothing is.
func errors(of model: some ConditionalGAN, batch: Int? = nil, at place: Testing.SourceLocation = #_sourceLocation)
    -> [ModelError]
{
    do {
        _ = try Program(model, batch: batch)
    } catch let found as ModelErrors {
        return found.errors
    } catch {
        Issue.record("\(error)", sourceLocation: place)
    }
    Issue.record("the model was accepted", sourceLocation: place)
    return []
}

extension Program {
    func graph(of name: String) -> Graph { phases.first { $0.name == name }!.graph }
}

extension Graph {
    /// The values of all outputs, composites and gradients expanded, with every leaf that `feeds` does not name set by
    /// `fill` of its name and element index.
    func evaluated(
        _ feeds: [String: TensorValue] = [:],
        fill: (String, Int) -> Double = { _, index in Double(index % 7) / 7 - 0.4 }
    ) throws -> [String: TensorValue] {
        let graph = expandingGradients().graph
        var feeds = feeds
        for node in graph.nodes {
            let leaf: String
            switch node.op {
            case .parameter(let name, _), .input(let name, _): leaf = name
            case .random(let draw, _): leaf = draw.name
            default: continue
            }
            guard feeds[leaf] == nil else { continue }
            let isIndex = node.type.element == .index
            feeds[leaf] = TensorValue(node.shape, (0..<node.shape.count).map { isIndex ? 1 : fill(leaf, $0) })
        }
        let results = try Interpreter(graph).evaluate(feeds)
        return Dictionary(uniqueKeysWithValues: results.outputs.map { ($0.name, $0.value) })
    }

    /// The names of the random draws that an output depends on, in order.
    var drawNames: [String] {
        let reachable = reachable()
        return ids.compactMap { id in
            if reachable[id.index], case .random(let draw, _) = self[id].op { draw.name } else { nil }
        }
    }
}
