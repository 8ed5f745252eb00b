import CGAN
import Graph
import Testing

/// Mistakes that users make: each is told with the numbers, the place and a way out, and none stops the process.
@Suite("Mistakes in models")
struct ErrorTests {
    @Test("targets of shape [B] against outputs [B, 1] are refused, not stretched to [B, B]")
    func rankMismatch() throws {
        var line = 0
        let model = WrittenModel { model, batch in
            let score = model.discriminator(batch.images, batch.labels)
            line = #line + 1
            let targets = batch.uniform("targets", shape: [2], in: 0.7..<1)
            return Losses(discriminator: mean(square(score - targets)), generator: mean(score))
        }
        let found = errors(of: model)
        let error = try #require(found.first)
        #expect(found.count == 1 && error.code == .operandShapes)
        #expect(error.message == "subtract: [2, 1] and [2] do not fit")
        #expect(error.location?.line == line && error.location?.file.hasSuffix("ErrorTests.swift") == true)
        #expect(
            error.notes.map(\.message) == ["[2, 1] is made by discriminator.dense1.real", "[2] is made by targets"])
        #expect(error.notes[1].location?.line == line)
        #expect(error.help?.contains("reshape(x, to: [2, 1])") == true)
    }

    @Test("cross-entropy holds targets to the outputs' shape")
    func crossEntropyTargets() throws {
        let found = errors(
            of: WrittenModel { model, batch in
                let score = model.discriminator(batch.images, batch.labels)
                let targets = batch.uniform("targets", shape: [2])
                return Losses(
                    discriminator: mean(crossEntropy(logits: score, targets: targets)), generator: mean(score))
            })
        #expect(found.map(\.code) == [.operandShapes])
        #expect(found.first?.message == "crossEntropy: targets [2] do not fit outputs [2, 1]")
    }

    @Test("an error prints as a compiler's does, so that an editor can jump there")
    func format() {
        let error = ModelError(
            .operandShapes, "subtract: [2, 1] and [2] do not fit", at: .init(file: "Model.swift", line: 12, column: 7),
            notes: [.init("[2] is made by targets", at: .init(file: "Model.swift", line: 9, column: 20))],
            help: "reshape it")
        #expect(
            error.description == """
                Model.swift:12:7: error: subtract: [2, 1] and [2] do not fit [M014]
                Model.swift:9:20: note: [2] is made by targets
                help: reshape it
                """)
    }

    @Test("a generator that gives other than the images is told both shapes")
    func generatorOutput() throws {
        let flat = errors(
            of: SmallModel(generator: {
                Network {
                    Inputs(.latent, .label(.oneHot)); Dense(16)
                }
            }))
        #expect(flat.map(\.message) == ["the generator gives [2, 16], but images are [2, 4, 4, 1]"])
        #expect(flat.first?.help == "add Reshape(4, 4, 1) as the last layer")
        let large = errors(
            of: SmallModel(generator: {
                Network {
                    Inputs(.latent, .label(.oneHot))
                    Dense(16)
                    Reshape(4, 4, 1)
                    ConvTranspose(1, kernel: 4, stride: 2)
                }
            }))
        #expect(large.map(\.code) == [.generatorOutput])
        #expect(large.first?.message == "the generator gives [2, 8, 8, 1], but images are [2, 4, 4, 1]")
    }

    @Test("a generator cannot see planes")
    func planes() {
        let found = errors(
            of: SmallModel(generator: {
                Network {
                    Inputs(.latent, .label(.embeddedPlane))
                    Dense(16)
                    Reshape(4, 4, 1)
                }
            }))
        #expect(found.map(\.code) == [.labelForm])
    }

    @Test("networks without layers, and one network twice, are refused")
    func networks() {
        #expect(errors(of: SmallModel(discriminator: { Network(layers: []) })).map(\.code) == [.emptyNetwork])
        var model = SmallModel()
        model.makeDiscriminator = model.makeGenerator
        #expect(errors(of: model).map(\.code) == [.unknownNetwork])
    }

    @Test("a network of neither name cannot be applied in a loss")
    func unknownNetwork() {
        let found = errors(
            of: WrittenModel { _, batch in
                let other = Network {
                    Inputs(.image, .label(.oneHot)); Dense(1)
                }
                let score = mean(other(batch.images, batch.labels))
                return Losses(discriminator: score, generator: score)
            })
        #expect(found.map(\.code) == [.unknownNetwork])
    }

    @Test("a network applied without the label says how to pass it")
    func labelNotPassed() {
        let found = errors(
            of: WrittenModel { model, batch in
                let score = mean(model.discriminator(batch.images))
                return Losses(discriminator: score, generator: score)
            })
        #expect(found.map(\.code) == [.labelMissing])
        #expect(found.first?.help == "write discriminator(images, batch.labels)")
    }

    @Test("a model without an objective is told what to add")
    func objective() {
        struct Aimless: ConditionalGAN {
            let images = ImageShape(height: 4, width: 4, channels: 1)
            let classes = 3
            var generator: Network { SmallModel.generator }
            var discriminator: Network { SmallModel.discriminator }
        }
        let found = errors(of: Aimless())
        #expect(found.map(\.code) == [.objectiveMissing])
        #expect(found.first?.help?.contains("var objective: Objective") == true)
    }

    @Test("losses on logits refuse probabilities, and the other way round", arguments: [true, false])
    func outputKind(endsInSigmoid: Bool) {
        var model = SmallModel(discriminator: {
            Network {
                Inputs(.image, .label(.oneHot))
                Dense(1)
                if endsInSigmoid { Sigmoid() }
            }
        })
        for objective in [Objective.minimax(), .nonSaturating(), .hinge(), .wasserstein()] {
            model.objective = objective
            #expect((try? Program(model)) == nil || !endsInSigmoid)
        }
        model.objective = endsInSigmoid ? .nonSaturating() : .binaryCrossEntropy()
        #expect(errors(of: model).map(\.code) == [.outputKind])
    }

    @Test("a written-out cross-entropy of probabilities refuses a discriminator's logits")
    func writtenOutputKind() {
        let found = errors(
            of: WrittenModel { model, batch in
                let score = model.discriminator(batch.images, batch.labels)
                let loss = mean(binaryCrossEntropy(probabilities: score, targets: 1))
                return Losses(discriminator: loss, generator: loss)
            })
        #expect(found.map(\.code) == [.outputKind])
        #expect(found.first?.message == "binaryCrossEntropy needs probabilities, but the discriminator gives logits")
    }

    @Test("a gradient with respect to a tensor that the value does not depend on is refused")
    func zeroGradient() {
        let found = errors(
            of: WrittenModel { model, batch in
                let fake = model.generator(batch.latent, batch.labels)
                let slope = gradient(of: model.discriminator(fake, batch.labels), wrt: batch.images)
                return Losses(discriminator: mean(slope), generator: mean(fake))
            })
        #expect(found.map(\.code) == [.gradientIsZero])
        #expect(found.first?.notes.count == 2)
    }

    @Test("one name for two draws is refused, and the same draw twice is the same numbers")
    func draws() throws {
        let found = errors(
            of: WrittenModel { _, batch in
                let a = batch.uniform("noise", shape: [2, 1])
                let b = batch.normal("noise", shape: [2, 1])
                return Losses(discriminator: mean(a + b), generator: mean(a))
            })
        #expect(found.map(\.code) == [.drawNameReused])
        let program = try Program(
            WrittenModel { _, batch in
                let difference = batch.uniform("noise", shape: [2, 1]) - batch.uniform("noise", shape: [2, 1])
                return Losses(discriminator: mean(difference), generator: mean(difference))
            })
        #expect(program.graph(of: "discriminator").drawNames == ["noise"])
    }

    @Test("a loss that is no single number is refused, in either phase")
    func lossShape() {
        let found = errors(
            of: WrittenModel { model, batch in
                let score = model.discriminator(batch.images, batch.labels)
                return Losses(discriminator: mean(score), generator: score)
            })
        #expect(found.map(\.message) == ["\"loss\" has shape [2, 1], not a single number"])
    }

    @Test("watched values have names of their own", arguments: ["loss", "a b", ""])
    func trackedNames(name: String) {
        let found = errors(
            of: WrittenModel { _, batch in
                let zero = batch.constant(0)
                return Losses(discriminator: zero, generator: zero, tracking: [name: zero])
            })
        #expect(found.map(\.code) == [.trackedName])
    }

    @Test("a tensor kept from another phase is refused, not used")
    func foreignTensor() {
        var kept: Tensor?
        let found = errors(
            of: WrittenModel { model, batch in
                let score = mean(model.discriminator(batch.images, batch.labels))
                let loss = score + (kept ?? score)
                kept = score
                return Losses(discriminator: loss, generator: loss)
            })
        #expect(found.map(\.code) == [.foreignTensor])
    }

    @Test("batch normalisation of a single example is refused, layer normalisation offered")
    func batchTooSmall() {
        let model = SmallModel(generator: {
            Network {
                Inputs(.latent, .label(.oneHot))
                Dense(16)
                BatchNorm()
                Reshape(4, 4, 1)
            }
        })
        let found = errors(of: model, batch: 1)
        #expect(found.map(\.code) == [.batchTooSmall])
        #expect(found.first?.help?.contains("LayerNorm()") == true)
    }

    @Test("batch normalisation in a critic under a penalty for each example is refused, also inside a block")
    func statisticsCouple() {
        var model = SmallModel(discriminator: {
            Network {
                Inputs(.image, .label(.ignored))
                Residual {
                    BatchNorm(); ReLU()
                }
                Dense(1)
            }
        })
        model.objective = .wasserstein(penalty: .gradient())
        #expect(errors(of: model).map(\.code) == [.statisticsCouple])
        model.objective = .wasserstein()
        #expect(throws: Never.self) { try Program(model) }
    }

    @Test("sizes of the model and settings of its training are held to their ranges")
    func ranges() {
        var model = SmallModel()
        model.classes = 0
        model.latent = -1
        model.images = ImageShape(height: 0, width: 4, channels: 1)
        #expect(errors(of: model).map(\.code) == [.sizeOutOfRange, .sizeOutOfRange, .sizeOutOfRange])
        model = SmallModel()
        model.training = Training(batch: 0, steps: 0).discriminator(.adam(-1), updatesPerStep: 0)
            .generator(.sgd(0.1, momentum: 1)).average(.generator, decay: 1)
        let found = errors(of: model)
        #expect(found.allSatisfy { $0.code == .trainingOutOfRange && $0.location != nil })
        #expect(found.count == 6)
    }

    @Test("several mistakes are told at once")
    func several() {
        var model = SmallModel(discriminator: {
            Network {
                Inputs(.image, .label(.ignored)); Dense(0); Dense(1)
            }
        })
        model.makeGenerator = {
            Network {
                Inputs(.latent, .label(.oneHot)); Dense(15)
            }
        }
        #expect(errors(of: model).map(\.code) == [.generatorOutput, .sizeOutOfRange])
    }

    @Test("infinite numbers in a loss are refused")
    func infinite() {
        let found = errors(
            of: WrittenModel { _, batch in
                let loss = mean(batch.images) * Double.infinity
                return Losses(discriminator: loss, generator: loss)
            })
        #expect(found.map(\.code) == [.notFinite])
    }

    @Test(
        "sizes beyond all bounds are refused without overflow",
        arguments: [Int.max, Int.max / 2, Int.min, 1 << 62, 1 << 40])
    func beyondBounds(size: Int) {
        let layers: [any Layer] = [
            Dense(size), Conv(size, kernel: 3), Conv(2, kernel: size), Conv(2, kernel: 3, stride: size),
            Conv(2, kernel: 3, padding: .explicit(size)), ConvTranspose(size, kernel: 3),
            ConvTranspose(2, kernel: 3, stride: size), Reshape(size, size), Reshape(-1, size), Reshape(size, -1, 4),
            Embedding(size), Upsample(size), AveragePool(size), MaxPool(2, stride: size),
        ]
        for layer in layers {
            let found = errors(
                of: SmallModel(discriminator: {
                    Network(layers: [Inputs(.image, .label(.ignored)), layer, layer, Dense(1)])
                }))
            #expect(!found.isEmpty, "\(layer.summary)")
        }
        let written = errors(
            of: WrittenModel { _, batch in
                let a = reshape(batch.images, to: [-1, size, size])
                let b = batch.uniform("b", shape: [size, size])
                let c = oneHot(batch.labels, classes: size)
                let loss = mean(a) + mean(b * c) + mean(concatenate(b, c, axis: size)) + mean(sum(a, over: [size]))
                return Losses(discriminator: loss, generator: loss)
            })
        #expect(written.count >= 2)
        var model = SmallModel()
        model.images = ImageShape(height: size, width: size, channels: size)
        model.latent = size
        model.classes = size
        #expect(errors(of: model, batch: size).count >= 3)
    }

    @Test("every code has a page of its own, and codes are found in either case", arguments: ModelError.Code.allCases)
    func pages(code: ModelError.Code) throws {
        let page = try #require(ModelError.explanation(code.rawValue.lowercased()))
        #expect(page.hasPrefix("\(code.rawValue): "))
        #expect(page.split(separator: "\n").count >= 2)
        #expect(ModelError.explanation("M999") == nil)
    }
}
