import CGAN
import Foundation
import Models
import Testing

@testable import Diagnosis

/// What is found out of losses by computing them.
@Suite("Loss shapes") struct LossShapeTests {
    @Test("the kind of every preset is told from its values alone")
    func families() throws {
        let kinds: [(ending: Ending, objective: Objective, family: LossShape.Family)] = [
            (.logits, .minimax(), .saturating),
            (.logits, .nonSaturating(), .nonSaturating),
            (.logits, .nonSaturating(smoothing: .uniform(real: 0.7...1, fake: 0...0.3)), .nonSaturating),
            (.logits, .nonSaturating(penalty: .r1(gamma: 10)), .nonSaturating),
            (.probability, .binaryCrossEntropy(), .clipped),
            (.probability, .binaryCrossEntropy(penalty: .gradient(weight: 10)), .clipped),
            (.logits, .hinge(), .hinge),
            (.logits, .leastSquares(), .other),
            (.logits, .wasserstein(), .wasserstein),
            (.logits, .wasserstein(penalty: .gradient(weight: 10)), .wasserstein),
        ]
        for (index, kind) in kinds.enumerated() {
            let program = try Program(Small(ending: kind.ending, loss: kind.objective))
            #expect(LossShape(program).family == kind.family, "row \(index)")
        }
    }

    @Test("a guess costs 2 ln 2 and ln 2 under cross-entropies, and the clip makes the plateau")
    func values() throws {
        let logits = LossShape(try Program(Small(ending: .logits, loss: .nonSaturating())))
        #expect(abs(try #require(logits.discriminatorAtZero) - 2 * log(2)) < 1e-12)
        #expect(abs(try #require(logits.generatorAtZero) - log(2)) < 1e-12)
        #expect(logits.generatorPlateau == nil && logits.clips.isEmpty && logits.isCrossEntropy)
        let probabilities = LossShape(try Program(Small(ending: .probability, loss: .binaryCrossEntropy())))
        #expect(probabilities.clips == [1e-7] && probabilities.isCrossEntropy)
        #expect(abs(try #require(probabilities.generatorPlateau) + log(1e-7)) < 1e-6)
        let hinge = LossShape(try Program(Small(ending: .logits, loss: .hinge())))
        #expect(hinge.discriminatorAtZero == 2 && hinge.generatorAtZero == 0)
        // A critic without a slope pays the whole penalty.
        let critic = LossShape(
            try Program(Small(ending: .logits, loss: .wasserstein(penalty: .gradient(weight: 10)))))
        #expect(abs(try #require(critic.discriminatorAtZero) - 10) < 1e-4)
    }

    @Test("every plateau of the catalogue is recognised, and what lies between them is not")
    func plateaus() {
        for value in [16.118, 15.942, 16.030, 15.425, 13.816, 18.42, 100] {
            #expect(Plateau.name(of: value, clips: []) != nil, "\(value)")
        }
        #expect(Plateau.name(of: 16.118, clips: []) == "-ln 1e-7, the clip of Keras")
        #expect(Plateau.name(of: 32.236, clips: []) == "twice -ln 1e-7, the clip of Keras")
        #expect(Plateau.name(of: 27.631, clips: [1e-12]) == "-ln 1e-12, the model's clip")
        for value in [0, 1, 12, 14.5, 17, 26, 90] {
            #expect(Plateau.name(of: value, clips: []) == nil, "\(value)")
        }
    }
}

/// What a discriminator ends in.
enum Ending { case logits, probability }

/// A small pair with any loss.
struct Small: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var ending: Ending = .logits
    var loss: Objective = .nonSaturating()

    init() {}

    init(ending: Ending, loss: Objective) {
        self.ending = ending
        self.loss = loss
    }

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(16)
        ReLU()
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }
    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Dense(16)
        LeakyReLU(0.2)
        Dense(1)
        if ending == .probability { Sigmoid() }
    }
    var objective: Objective { loss }
    var training: Training { Training(batch: 8) }
}
