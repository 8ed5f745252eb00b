import CGAN
import Diagnosis
import Foundation
import Native
import Testing

@testable import Training

/// What ends a run because it is not finite is traced to the operation that made it.
@Suite("Values that are not finite")
struct NonFiniteTests {
    @Test(
        "an overflow, a logarithm, a quotient and a root are traced to their lines and operands",
        arguments: Fault.allCases
    )
    func traced(fault: Fault) async throws {
        let built = try await BuiltModel(Faulty(fault: fault))
        try await withTemporaryFolder { folder in
            let session = try built.session("\(folder)/run")
            let error = #expect(throws: TrainingError.self) {
                try session.run(TrainingOptions(steps: 3), progress: silent())
            }
            let verdict = try #require(try await session.traceFailure(built.compilation))
            #expect(verdict.code == .nonFinite && verdict.since == 1)
            #expect(verdict.location?.line == fault.line, "\(verdict)")
            #expect(verdict.location?.file.hasSuffix("NonFiniteTests.swift") == true)
            #expect(
                verdict.sentence.contains(fault.says) && verdict.sentence.contains("generator phase of step 1"),
                "\(verdict.sentence)")
            #expect(error?.message.hasSuffix(try #require(verdict.evidence.last)) == true)
            #expect(verdict.help?.contains(fault.remedy) == true, "\(verdict.help ?? "")")
            // The metrics keep it, and whoever reads them comes to it.
            let observer = try RunFolder("\(folder)/run").observer(of: built.program, examples: nil)
            #expect(observer.verdict == verdict && observer.history == [verdict] && observer.step == 1)
        }
    }

    @Test("a run whose weights overflow is traced too, in both number types", arguments: [Precision.float, .double])
    func weights(precision: Precision) async throws {
        let built = try await BuiltModel(Exploding(), precision: precision)
        try await withTemporaryFolder { folder in
            let session = try built.session("\(folder)/run")
            let error = #expect(throws: TrainingError.self) {
                try session.run(TrainingOptions(steps: 50), progress: silent())
            }
            let verdict = try #require(try await session.traceFailure(built.compilation))
            #expect(error?.message.contains("not finite") == true)
            #expect(verdict.location != nil && verdict.sentence.contains("step \(verdict.since)"), "\(verdict)")
            #expect(verdict.evidence.count >= 2)
        }
    }

    @Test("the library tells which run of which phase failed, and that one is traced")
    func place() async throws {
        let built = try await BuiltModel(Exploding(updates: 4))
        let model = try built.model()
        let source = try ExampleSource(BuiltModel.glyphs, model: model)
        defer { withExtendedLifetime(source) {} }
        let batch = try source.batch(step: 0)
        // The first run's update is what makes the second one overflow.
        let error = #expect(throws: NativeError.self) { try model.step(0, batch: batch) }
        let failure = try #require(error?.nonFinite)
        #expect(failure.step == 0 && failure.phase == 0 && failure.run == 1)
        #expect(failure.fact.hasPrefix("the value loss is not finite; the discriminator's parameters are as they were"))
        #expect(error?.message == "step 1, discriminator phase: \(failure.fact)")
        let verdict = try await NonFiniteTrace(compilation: built.compilation, model: model)
            .verdict(on: failure, batch: batch)
        #expect(verdict.sentence.contains("discriminator phase of step 1: ") && verdict.evidence.last == failure.fact)

        let again = #expect(throws: NativeError.self) { try model.runPhase(0, step: 6, run: 3, batch: batch) }
        #expect(again?.nonFinite?.step == 6 && again?.nonFinite?.run == 3)
        let other = #expect(throws: NativeError.self) { try model.runPhase(0, step: 6, run: 4, batch: batch) }
        #expect(other != nil && other?.nonFinite == nil)
    }

    @Test("of images that go through the discriminator in one batch with others, the operand is told by its own name")
    func joined() async throws {
        let built = try await BuiltModel(RootOfScores())
        try await withTemporaryFolder { folder in
            let session = try built.session("\(folder)/run")
            #expect(throws: TrainingError.self) { try session.run(TrainingOptions(steps: 1), progress: silent()) }
            let verdict = try #require(try await session.traceFailure(built.compilation))
            #expect(verdict.sentence.contains("discriminator phase of step 1: squareRoot("), "\(verdict)")
            #expect(
                verdict.evidence.contains { $0.hasPrefix("its operand discriminator.dense2.fake lies in -") },
                "\(verdict.evidence)")
        }
    }

    @Test("a layer that computes real and generated pairs side by side is told by its name, not by that of either")
    func joinedLayer() async throws {
        let built = try await BuiltModel(LoudFakes())
        try await withTemporaryFolder { folder in
            let session = try built.session("\(folder)/run")
            #expect(throws: TrainingError.self) { try session.run(TrainingOptions(steps: 1), progress: silent()) }
            let verdict = try #require(try await session.traceFailure(built.compilation))
            #expect(verdict.sentence.hasPrefix("discriminator.dense1 is the first value"), "\(verdict)")
        }
    }

    @Test("what was not traced while training is found by running from the last checkpoint again")
    func replayed() async throws {
        let built = try await BuiltModel.exploding.value
        try await withTemporaryFolder { folder in
            let session = try built.session("\(folder)/run")
            #expect(throws: TrainingError.self) { try session.run(TrainingOptions(steps: 50), progress: silent()) }
            let live = try #require(try await session.traceFailure(built.compilation))
            let replay = try FailureReplay(
                RunFolder("\(folder)/run"), compilation: built.compilation, model: try built.model(),
                dataset: BuiltModel.glyphs)
            #expect(try await replay.verdict(through: live.since) == live)
        }
    }

    @Test("a run that goes on from before the failure fails at the same step again, and says it once")
    func resumed() async throws {
        let built = try await BuiltModel.exploding.value
        try await withTemporaryFolder { folder in
            let first = try built.session("\(folder)/run")
            #expect(throws: TrainingError.self) {
                try first.run(TrainingOptions(steps: 50, checkpointEvery: 1), progress: silent())
            }
            let failed = try #require(try RunFolder("\(folder)/run").metrics().last)
            #expect(failed.verdict?.code == .nonFinite)
            let second = try built.resumed("\(folder)/run")
            #expect(throws: TrainingError.self) { try second.run(TrainingOptions(steps: 50), progress: silent()) }
            let lines = try RunFolder("\(folder)/run").metrics()
            #expect(lines.last == failed && lines.count { $0.verdict?.code == .nonFinite } == 1)
        }
    }
}

/// A way not to be finite.
enum Fault: CaseIterable {
    case exponential, logarithm, quotient, root

    /// The line of the operation in this file.
    var line: Int {
        switch self {
        case .exponential: Faulty.first
        case .logarithm: Faulty.first + 1
        // An operator has no place of its own: its operand's.
        case .quotient: Faulty.first - 3
        case .root: Faulty.first + 3
        }
    }

    /// What the verdict says of it.
    var says: String {
        switch self {
        case .exponential: "gives infinity"
        case .logarithm: "logarithm(0) gives -infinity"
        case .quotient: "(0, 0) gives not a number"
        case .root: "gives not a number"
        }
    }

    var remedy: String {
        switch self {
        case .exponential: "softplus"
        case .logarithm: "log(x + 1e-7)"
        case .quotient: "divisor"
        case .root: "sqrt(relu(x))"
        }
    }
}

/// A model whose generator's loss is not finite from the first step on.
struct Faulty: ConditionalGAN {
    var fault = Fault.exponential
    let name = "faulty"
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4

    init() {}
    init(fault: Fault) { self.fault = fault }

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }
    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Dense(8)
        LeakyReLU(0.2)
        Dense(1)
    }

    static let first = #line + 8
    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        // Zero, but for the compiler to know.
        let (none, nothing) = (relu(fake - 1000), relu(real - 1000))
        let result =
            switch fault {
            case .exponential: exp(fake + 1000)
            case .logarithm: log(none)
            case .quotient: none / nothing
            case .root: sqrt(fake - 1000)
            }
        return Losses(discriminator: mean(softplus(-real)) + mean(softplus(fake)), generator: mean(result))
    }
    var training: Training { Training(batch: 8) }
}

/// A model whose discriminator's loss takes the root of what may be negative, for generated images alone.
struct RootOfScores: ConditionalGAN {
    let name = "root-of-scores"
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4

    var generator: Network { Faulty().generator }
    var discriminator: Network { Faulty().discriminator }

    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        return Losses(discriminator: mean(softplus(-real)) + mean(sqrt(fake)), generator: mean(softplus(-fake)))
    }
    var training: Training { Training(batch: 8) }
}

/// A model whose discriminator is given generated images so large that its first layer overflows.
struct LoudFakes: ConditionalGAN {
    let name = "loud-fakes"
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4

    var generator: Network { Faulty().generator }
    var discriminator: Network { Faulty().discriminator }

    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(tanh(1000 * generator(batch.latent, batch.labels)) * 3e38, batch.labels)
        return Losses(discriminator: mean(softplus(-real)) + mean(softplus(fake)), generator: mean(softplus(-fake)))
    }
    var training: Training { Training(batch: 8) }
}
