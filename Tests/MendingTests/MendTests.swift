import Diagnosis
import Testing

@testable import Mending

@Suite("mends of a model's file")
struct MendTests {
    @Test("every name is told once, and every dynamic cause that a model's file can mend has mends")
    func names() {
        let names = Mend.all.map(\.name)
        #expect(Set(names).count == names.count)
        for code in DiagnosisCode.allCases where code.isMeasured && code != .narrowImages {
            #expect(!Mend.recommended(for: code).isEmpty, "\(code)")
        }
    }

    @Test("the likeliest mends of a cause exist, are for it, and come first")
    func likeliest() {
        for code in DiagnosisCode.allCases {
            let recommended = Mend.recommended(for: code).map(\.name)
            #expect(Array(recommended.prefix(code.likeliestMends.count)) == code.likeliestMends, "\(code)")
            #expect(Set(recommended).count == recommended.count, "\(code)")
        }
        #expect(Mend.recommended(for: nil).first?.name == "wider-generator")
    }

    @Test("a preset is changed in its place, its logits taken from before the sigmoid, what fits of it kept")
    func losses() throws {
        let plain = try Fixture(PlainModel())
        #expect(
            plain.change(by: "non-saturating") == [
                "- Sigmoid()", "- .binaryCrossEntropy(smoothing: .uniform(real: 0.7...1, fake: 0...0.3))",
                "+ .nonSaturating(smoothing: .uniform(real: 0.7...1, fake: 0...0.3))",
            ])
        #expect(
            plain.change(by: "wasserstein-penalty") == [
                "- BatchNorm()", "+ LayerNorm()", "- Sigmoid()",
                "- .binaryCrossEntropy(smoothing: .uniform(real: 0.7...1, fake: 0...0.3))",
                "+ .wasserstein(penalty: .gradient(weight: 10))",
            ])
        let compact = try Fixture(CompactModel())
        #expect(
            compact.change(by: "non-saturating")?.last
                == "+ var objective: Objective { get { return .nonSaturating(penalty: .gradient(weight: 1e3), .r1()) } }"
        )
        #expect(compact.change(by: "hinge") == nil)
        #expect(
            compact.change(by: "penalty-weight")?.last
                == "+ var objective: Objective { get { return Objective.hinge(penalty: .gradient(weight: 10), .r1()) } }"
        )
    }

    @Test("losses that are written out are replaced as a whole")
    func writtenLosses() throws {
        let change = try #require(try Fixture(WrittenModel()).change(by: "hinge"))
        #expect(
            change.suffix(3) == ["+ var objective: Objective {", "+ .hinge()", "+ }"] || change.contains("+ .hinge()"))
        #expect(change.contains("- func objective(_ batch: Batch) -> Losses {"))
        #expect(change.contains("- Sigmoid()"))
    }

    @Test("rates and updates are changed where they stand, or put in where they are missing")
    func training() throws {
        let plain = try Fixture(PlainModel())
        #expect(
            plain.change(by: "lower-rates") == [
                "- .discriminator(.adam(1e-2, beta1: 0.9), updatesPerStep: 5)", "- .generator(.adam())",
                "+ .discriminator(.adam(1e-3, beta1: 0.9), updatesPerStep: 5)", "+ .generator(.adam(2e-5))",
            ])
        #expect(
            plain.change(by: "one-update-each") == [
                "- .discriminator(.adam(1e-2, beta1: 0.9), updatesPerStep: 5)",
                "+ .discriminator(.adam(1e-2, beta1: 0.9), updatesPerStep: 1)",
            ])
        #expect(
            plain.change(by: "usual-optimisers") == [
                "- .discriminator(.adam(1e-2, beta1: 0.9), updatesPerStep: 5)",
                "+ .discriminator(.adam(2e-4, beta1: 0.5, beta2: 0.999), updatesPerStep: 5)",
            ])
        #expect(
            plain.change(by: "less-momentum") == [
                "- .discriminator(.adam(1e-2, beta1: 0.9), updatesPerStep: 5)",
                "+ .discriminator(.adam(0.01, beta1: 0.5, beta2: 0.999), updatesPerStep: 5)",
            ])
        let compact = try Fixture(CompactModel())
        #expect(
            compact.change(by: "less-momentum")?.last
                == "+ let training = Training(steps: 100).discriminator(.sgd(10)).generator(Optimizer.rmsProp())")
        #expect(
            compact.change(by: "higher-rates")?.last
                == "+ let training = Training(steps: 100).discriminator(.sgd(100, momentum: 0.9)).generator(Optimizer.rmsProp(5e-4))"
        )
        #expect(
            try Fixture(WrittenModel()).change(by: "slower-discriminator")?.filter { $0.count > 3 } == [
                "+ var training: Training {", "+ Training(batch: 64, steps: 10000, seed: 1)",
                "+ .discriminator(.adam(5e-5, beta1: 0.5, beta2: 0.999))",
                "+ .generator(.adam(2e-4, beta1: 0.5, beta2: 0.999))",
            ])
    }

    @Test("layers are changed on their own line and among others, in loops and in residual parts")
    func layers() throws {
        let plain = try Fixture(PlainModel())
        #expect(plain.change(by: "leaky-relu") == ["- ReLU()", "+ LeakyReLU(0.2)"])
        #expect(plain.change(by: "batch-norm") == ["+ BatchNorm()"])
        #expect(plain.change(by: "layer-norm") == nil)
        #expect(plain.change(by: "tanh-end") == nil)
        #expect(
            plain.change(by: "usual-initial-values") == [
                "- Conv(channels, kernel: 4, stride: 2, initializer: .normal(deviation: 0.02))",
                "+ Conv(channels, kernel: 4, stride: 2)",
            ])
        let compact = try Fixture(CompactModel())
        #expect(
            compact.change(by: "leaky-relu")?.last == "+ Dense(8); LeakyReLU(0.2)")
        #expect(compact.change(by: "layer-norm") == ["- Dense(8); ReLU()", "+ Dense(8); LayerNorm(); ReLU()"])
        #expect(compact.change(by: "no-dropout") == ["- Dropout(0.5); Dense(1)", "+ Dense(1)"])
        #expect(
            compact.change(by: "usual-initial-values")?.last
                == "+ var generator: Network { Inputs(.latent, .label(.ignored)); Dense(12); Sigmoid(); Dense(64, bias: true); Tanh(); Reshape(8, 8, 1) }"
        )
        let written = try Fixture(WrittenModel())
        #expect(written.change(by: "tanh-end") == ["+ Tanh()"])
        #expect(written.change(by: "without-own-layers") == ["- Whisper(1e-6)"])
        #expect(written.change(by: "leaky-relu") == ["- Tanh()", "+ LeakyReLU(0.2)", "- ReLU()", "+ LeakyReLU(0.2)"])
    }

    @Test("widths change with the reshapes that follow from them")
    func capacities() throws {
        let plain = try Fixture(PlainModel())
        #expect(
            plain.change(by: "wider-generator") == [
                "- Dense(4 * 4 * 16)", "+ Dense(4 * 4 * 64)", "- Reshape(4, 4, 16)", "+ Reshape(4, 4, 64)",
            ])
        // 16,384 parameters in the discriminator, 1,100 in the generator.
        #expect(
            try Fixture(LopsidedModel()).change(by: "wider-generator") == ["- Dense(2)", "+ Dense(\(2 * 8))"])
        #expect(
            plain.change(by: "narrower-discriminator") == [
                "- Conv(channels, kernel: 4, stride: 2, initializer: .normal(deviation: 0.02))",
                "+ Conv(channels / 4, kernel: 4, stride: 2, initializer: .normal(deviation: 0.02))",
            ])
        #expect(plain.change(by: "longer-latent") == ["- let latent = 8", "+ let latent = 100"])
        #expect(try Fixture(CompactModel()).change(by: "longer-latent") == nil)
        #expect(
            plain.change(by: "larger-batch")
                == ["- Training(batch: 8, steps: 100, seed: 7)", "+ Training(batch: 64, steps: 100, seed: 7)"])
    }

    @Test("labels are shown in another form")
    func labels() throws {
        #expect(
            try Fixture(PlainModel()).change(by: "projection") == [
                "- Inputs(.image, .label(.embeddedPlane))", "+ Inputs(.image, .label(.projection))",
            ])
        #expect(
            try Fixture(WrittenModel()).change(by: "label-planes") == [
                "- Inputs(.image, .label(.oneHot))", "+ Inputs(.image, .label(.oneHotPlanes))",
            ])
    }

    @Test("smoothing stands before a penalty, as the presets take them")
    func smoothing() throws {
        #expect(try Fixture(PlainModel()).change(by: "smoothing") == nil)
        #expect(try Fixture(CompactModel()).change(by: "smoothing") == nil)
    }
}
