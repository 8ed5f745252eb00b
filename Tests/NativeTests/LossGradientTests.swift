import CGAN
import Differentiation
import Graph
import GraphTesting
import Testing

/// A small conditional pair whose losses are smooth, so that differences can be trusted.
private struct SmallPair: ConditionalGAN {
    var chosen: Objective = .wasserstein()
    var endsInProbability = false
    let name = "small-pair"
    let images = ImageShape(height: 4, width: 4, channels: 1)
    let classes = 3
    let latent = 2

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(8)
        Tanh()
        Reshape(2, 2, 2)
        ConvTranspose(1, kernel: 4, stride: 2)
        Tanh()
    }

    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        Conv(3, kernel: 3, stride: 2)
        Softplus()
        Dense(4)
        Tanh()
        Dense(1)
        if endsInProbability { Sigmoid() }
    }

    var objective: Objective { chosen }
    var training: Training { Training(batch: 3) }
}

@Suite("Gradients of losses in emitted C")
struct LossGradientTests {
    private static let smoothing = Smoothing.uniform(real: 0.7...1, fake: 0...0.3)

    private static var models: [(name: String, model: SmallPair)] {
        [
            ("minimax", SmallPair(chosen: .minimax())),
            ("non-saturating", SmallPair(chosen: .nonSaturating())),
            ("non-saturating, smoothed", SmallPair(chosen: .nonSaturating(smoothing: smoothing))),
            ("non-saturating, one-sided", SmallPair(chosen: .nonSaturating(smoothing: .fixed(real: 0.9)))),
            ("cross-entropy of probabilities", SmallPair(chosen: .binaryCrossEntropy(), endsInProbability: true)),
            (
                "cross-entropy of probabilities, smoothed",
                SmallPair(chosen: .binaryCrossEntropy(smoothing: smoothing), endsInProbability: true)
            ),
            (
                "cross-entropy of probabilities with penalty",
                SmallPair(chosen: .binaryCrossEntropy(penalty: .gradient(weight: 10)), endsInProbability: true)
            ),
            ("least squares", SmallPair(chosen: .leastSquares(smoothing: smoothing))),
            ("hinge", SmallPair(chosen: .hinge())),
            ("Wasserstein", SmallPair(chosen: .wasserstein())),
            ("Wasserstein with penalty", SmallPair(chosen: .wasserstein(penalty: .gradient(weight: 10)))),
            ("one-sided penalty", SmallPair(chosen: .wasserstein(penalty: .gradient(weight: 10, oneSided: true)))),
            ("R1 and R2", SmallPair(chosen: .nonSaturating(penalty: .r1(gamma: 2), .r2(gamma: 3)))),
        ]
    }

    private struct Check {
        var name: String
        var graph: Graph
        var feeds: [String: TensorValue]
        var parameters: [String]
        var relative: Double
    }

    /// Both phases of a model, with gradients of order 1 and 2 of the updated network's parameters.
    private static func checks(_ name: String, _ model: SmallPair, seed: UInt64) throws -> [Check] {
        let program = try Program(model)
        return try program.phases.flatMap { phase in
            var numbers = SeededNumbers(seed: seed)
            var feeds: [String: TensorValue] = [:]
            for node in phase.graph.nodes {
                switch node.op {
                case .parameter(let name, let shape): feeds[name] = numbers.tensor(shape, -0.8, 0.8)
                case .input(let name, let type):
                    feeds[name] =
                        type.element == .index
                        ? numbers.indices(type.shape, below: 3) : numbers.tensor(type.shape, -1, 1)
                case .random(let draw, let shape): feeds[draw.name] = numbers.tensor(shape, 0.1, 0.9)
                default: break
                }
            }
            var graph = phase.graph
            graph.outputs = graph.outputs.filter { $0.name == "loss" }
            let own = program.parameters.filter { $0.network == phase.network && $0.isTrained }.map(\.name)
            let used = own.filter { feeds[$0] != nil }
            let (slope, slopeFeeds) = FiniteDifferences.slope(graph, wrt: used, feeds: feeds)
            return [
                Check(
                    name: "\(name), \(phase.name), order 1",
                    graph: try graph.appendingGradients(of: "loss", wrt: used).graph, feeds: feeds, parameters: used,
                    relative: 1e-6),
                Check(
                    name: "\(name), \(phase.name), order 2",
                    graph: try slope.appendingGradients(of: "loss", wrt: used).graph, feeds: slopeFeeds,
                    parameters: used, relative: 1e-5),
            ]
        }
    }

    @Test(
        "each loss's gradients of order 1 and 2 agree with central differences in emitted C",
        arguments: 0..<13)
    func gradients(index: Int) async throws {
        let checks = try Self.checks(Self.models[index].name, Self.models[index].model, seed: 5)
        let emitted = try await EmittedFunctions(checks.map(\.graph))
        for (index, check) in checks.enumerated() {
            let results = try emitted.call(index, check.feeds)
            for parameter in check.parameters {
                let symbolic = results["gradient:\(parameter)"]!
                let scale = symbolic.map(abs).reduce(1, max)
                for element in stride(from: 0, to: symbolic.count, by: max(1, symbolic.count / 6)) {
                    func loss(_ shift: Double) throws -> Double {
                        var feeds = check.feeds
                        feeds[parameter]!.elements[element] += shift
                        return try emitted.call(index, feeds)["loss"]![0]
                    }
                    // Fourth order in the step, as penalties have large third derivatives.
                    let step = 1e-4
                    let near = try loss(step) - loss(-step)
                    let far = try loss(2 * step) - loss(-2 * step)
                    let numeric = (8 * near - far) / (12 * step)
                    #expect(
                        abs(numeric - symbolic[element]) <= check.relative * scale,
                        "\(check.name): d/d\(parameter)[\(element)] is \(symbolic[element]), by differences \(numeric)")
                }
            }
        }
    }
}
