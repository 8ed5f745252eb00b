import CGAN
import Compiler
import Graph
import GraphTesting
import Testing

@testable import Diagnosis

/// Random models of smooth layers, whose diagnoses are compared with the gradients' numbers.
@Suite struct RandomModelTests {
    @Test(
        "of random models, parameters diagnosed to be without gradient have none, and those without are all diagnosed")
    func agreement() throws {
        var (models, explained, alive, clean) = (0, 0, 0, 0)
        for seed in seeds(0..<120) {
            var random = RandomModel(seed: seed)
            guard let program = try? Program(random.model()) else { continue }
            models += 1
            let subject = Subject(try ProgramDifferentiation(program))
            for rule in rules { subject.add(rule.findings(in: subject)) }
            if subject.findings.allSatisfy({ $0.severity == .note }) { clean += 1 }
            var wrong: [String] = []
            for phase in subject.phases {
                var isStill = [Bool](repeating: true, count: phase.trained.count)
                for _ in 0..<3 {
                    let feeds = random.feeds(for: phase.differentiated, program)
                    let values = try Interpreter(phase.differentiated).nodeValues(feeds)
                    let scale = values.flatMap { $0?.elements ?? [] }.map(abs).max() ?? 1
                    for (index, parameter) in phase.trained.enumerated() {
                        guard let node = phase.differentiated.output("gradient:\(parameter.name)") else { continue }
                        let size = values[node.index]?.elements.map(abs).max() ?? 0
                        if size > 1e-11 * max(1, scale) { isStill[index] = false }
                    }
                }
                for (parameter, isStill) in zip(phase.trained, isStill) {
                    if subject.isExplained(parameter.name) != isStill {
                        wrong.append("\(parameter.name) \(isStill ? "is still" : "has a gradient")")
                    }
                    if isStill { explained += 1 } else { alive += 1 }
                }
            }
            let layers = program.layers.map { "\($0.name) \($0.kind) \($0.output)" }
            #expect(wrong.isEmpty, "seed \(seed): \(wrong) in \(layers): \(subject.findings.map(\.head))")
        }
        print("random models: \(models), \(clean) without a fault; \(explained) gradients explained, \(alive) alive")
        #expect(models > 80 && explained > 20 && alive > 500 && clean > 20)
    }
}

/// Models by seed.
struct RandomModel {
    private var numbers: SeededNumbers

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed &* 977 + 3) }

    /// A model of the layers drawn.
    struct Model: ConditionalGAN {
        let name = "random"
        let images = ImageShape(height: 4, width: 4, channels: 1)
        let classes = 3
        let latent = 3
        var generator: Network
        var discriminator: Network
        var objective: Objective
        var training: Training { Training(batch: 4) }

        init(generator: Network, discriminator: Network, objective: Objective) {
            (self.generator, self.discriminator, self.objective) = (generator, discriminator, objective)
        }

        init() {
            self.init(generator: Network(layers: []), discriminator: Network(layers: []), objective: .hinge())
        }
    }

    mutating func model() -> Model {
        var generator: [any Layer] = [Inputs(.latent, .label(.oneHot)), Dense(6)]
        for _ in 0..<numbers.int(0...2) { generator.append(vectorLayer()) }
        generator += [Dense(16), Tanh(), Reshape(4, 4, 1)] as [any Layer]
        let isFlat = numbers.chance(0.5)
        var discriminator: [any Layer] = [
            Inputs(.image, .label(isFlat ? .oneHot : numbers.choose([.embeddedPlane, .oneHotPlanes, .projection])))
        ]
        if isFlat { discriminator += [Flatten(), Dense(5)] as [any Layer] }
        for _ in 0..<numbers.int(1...3) { discriminator.append(isFlat ? vectorLayer() : imageLayer()) }
        discriminator.append(Dense(1))
        if numbers.chance(0.15) { discriminator.append(numbers.choose([LayerNorm(), BatchNorm()] as [any Layer])) }
        let penalty = Penalty.gradient(weight: 10)
        let hasBatchNorm = discriminator.contains { $0 is BatchNorm }
        let objective: Objective =
            switch numbers.int(0...3) {
            case 0: .nonSaturating(smoothing: .uniform(real: 0.7...1))
            case 1: hasBatchNorm ? .wasserstein() : .wasserstein(penalty: penalty)
            case 2: .wasserstein()
            default: .leastSquares()
            }
        return Model(
            generator: Network(layers: generator), discriminator: Network(layers: discriminator), objective: objective)
    }

    private mutating func vectorLayer() -> any Layer {
        switch numbers.int(0...5) {
        case 0: Dense(numbers.int(1...4))
        case 1: BatchNorm()
        case 2: LayerNorm()
        case 3: Dense(4)
        default: numbers.choose([Tanh(), Sigmoid(), Softplus(), LeakyReLU(0.2), ELU()] as [any Layer])
        }
    }

    private mutating func imageLayer() -> any Layer {
        switch numbers.int(0...5) {
        case 0, 1: Conv(numbers.int(1...3), kernel: 3, stride: numbers.int(1...2))
        case 2: BatchNorm()
        case 3: LayerNorm()
        case 4: GlobalAveragePool()
        default: numbers.choose([Tanh(), Softplus(), LeakyReLU(0.2), ELU()] as [any Layer])
        }
    }

    /// Values for a phase: any parameters, every label among the examples.
    mutating func feeds(for graph: Graph, _ program: Program) -> [String: TensorValue] {
        var feeds: [String: TensorValue] = [:]
        for parameter in program.parameters {
            feeds[parameter.name] = numbers.tensor(parameter.shape, -1, 1)
        }
        for node in graph.nodes {
            switch node.op {
            case .input(let name, let type):
                feeds[name] =
                    type.element == .index
                    ? TensorValue(type.shape, (0..<type.shape.count).map { Double($0 % program.classes) })
                    : numbers.tensor(type.shape)
            case .random(let draw, let shape): feeds[draw.name] = numbers.tensor(shape, 0.1, 0.9)
            default: break
            }
        }
        return feeds
    }
}
