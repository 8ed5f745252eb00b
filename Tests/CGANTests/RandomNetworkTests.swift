import Differentiation
import Graph
import GraphTesting
import Testing

@testable import CGAN

/// Networks of random layers and sizes, sane and not, from seeds: each gives a sound program or errors with places. A
/// trap would end the test run.
@Suite struct RandomNetworkTests {
    @Test("random layers of any sizes give a sound program or errors with places", arguments: 0..<4)
    func layers(part: Int) throws {
        var sound = 0
        for seed in part * 500..<(part + 1) * 500 {
            var random = RandomLayers(seed: UInt64(seed))
            let model = random.model()
            do {
                let program = try Program(model)
                sound += 1
                for graph in program.phases.map(\.graph) + [program.sampler] {
                    try graph.verify()
                    try graph.decomposed().expandingGradients().graph.verify(allowing: [])
                }
            } catch let errors as ModelErrors {
                #expect(!errors.errors.isEmpty, "seed \(seed)")
                let placed = errors.errors.allSatisfy { $0.location != nil || $0.code == .batchTooSmall }
                #expect(placed, "seed \(seed): \(errors)")
            }
        }
        // Otherwise the test would only see refusals.
        #expect(sound > 20, "\(sound) of 500")
    }
}

/// Layers and sizes by seed.
struct RandomLayers {
    var numbers: SeededNumbers
    private let isSane: Bool

    init(seed: UInt64) {
        numbers = SeededNumbers(seed: seed)
        isSane = seed % 3 != 0
    }

    /// A model whose discriminator is random.
    mutating func model() -> TestModel {
        var layers: [any Layer] = [inputs()]
        for _ in 0...numbers.int(0...4) { layers.append(layer(depth: 0)) }
        if numbers.chance(0.9) { layers.append(Dense(1)) }
        let network = Network(layers: layers)
        let objective = numbers.choose([
            Objective.nonSaturating(), .wasserstein(penalty: .gradient()), .hinge(penalty: .r1()),
        ])
        return TestModel().with {
            $0.discriminator = network
            $0.objective = objective
        }
    }

    private mutating func inputs() -> any Layer {
        Inputs(
            .image,
            .label(
                numbers.choose([
                    .oneHot, .embedding(size()), .embeddedPlane, .embeddedPlane, .oneHotPlanes, .projection, .ignored,
                ])))
    }

    /// A size that a person would write, or, in every third model, also one that nobody would.
    private mutating func size() -> Int {
        let sane = [1, 2, 2, 3, 4]
        let mad = [0, -1, -3, 4096, 5000, 1 << 20, 1 << 31, 1 << 33, 1 << 34, 1 << 40, 1 << 62, Int.max, Int.min]
        return numbers.choose(isSane || numbers.chance(0.6) ? sane : mad)
    }

    private mutating func padding() -> Padding {
        numbers.choose([
            .same, .same, .valid, .explicit(size()), .explicit(top: size(), bottom: size(), left: 0, right: size()),
        ])
    }

    private mutating func layer(depth: Int) -> any Layer {
        switch numbers.int(0...(depth < 2 ? 20 : 18)) {
        case 0: return Dense(size())
        case 1, 2: return Conv(size(), kernel: size(), stride: size(), padding: padding())
        case 3: return ConvTranspose(size(), kernel: size(), stride: size(), padding: padding())
        case 4: return Reshape(size(), size(), size())
        case 5: return Reshape(-1, size())
        case 6: return Flatten()
        case 7: return BatchNorm(epsilon: numbers.choose([1e-5, 0, -1, .infinity, .nan]))
        case 8: return LayerNorm(epsilon: numbers.choose([1e-5, 1e-5, 0, .nan]))
        case 9: return Dropout(numbers.choose([0, 0.5, 1, -1, .nan]))
        case 10: return Embedding(size())
        case 11: return Concatenate(.label)
        case 12: return AveragePool(size(), stride: size(), padding: padding())
        case 13: return MaxPool(size(), padding: padding())
        case 14: return GlobalAveragePool()
        case 15: return Upsample(size())
        case 16: return numbers.choose([ReLU(), ELU(), Softplus(), Sigmoid()] as [any Layer])
        case 17: return LeakyReLU(numbers.choose([0.2, 0, -1]))
        case 18: return Tanh()
        case 19:
            let inner = some(depth: depth)
            return Residual { inner }
        default:
            let (first, second) = (some(depth: depth), some(depth: depth))
            return Concatenate {
                Branch { first }
                Branch { second }
            }
        }
    }

    private mutating func some(depth: Int) -> [any Layer] {
        (0..<numbers.int(0...2)).map { _ in layer(depth: depth + 1) }
    }
}
