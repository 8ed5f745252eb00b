import Models
import Testing
import Training

@testable import Reporting

@Suite struct ClaimTests {
    private static let base = "article-overpowered"

    private func measures(late: Double, lowest: Double) -> RunMeasures {
        var measures = RunMeasures()
        measures.image = .init(start: 1, late: late, lowest: lowest)
        return measures
    }

    private func outcome(_ claim: Claim, _ seeds: [[String: RunMeasures]]) -> Claim.Outcome {
        claim.judged(by: seeds.enumerated().map { (seed: UInt64($0.offset + 1), measures: $0.element) }).outcome
    }

    @Test("a remedy helps where the gradient vanished without it and is three times as large with it, for every seed")
    func helps() {
        let claim = Claim.helps("q", "with", beside: "without")
        let vanished = measures(late: 0.02, lowest: 0.001)
        func seed(_ late: Double) -> [String: RunMeasures] {
            ["with": measures(late: late, lowest: late), "without": vanished]
        }
        #expect(outcome(claim, [seed(0.06), seed(1)]) == .held)
        #expect(outcome(claim, [seed(0.05), seed(0.001)]) == .didNotHold)
        #expect(outcome(claim, [seed(0.06), seed(0.05)]) == .undecided)
    }

    @Test("a remedy is not judged where there was nothing to mend, or a run is missing")
    func nothingToMend() {
        let claim = Claim.helps("q", "with", beside: "without")
        let sound = measures(late: 0.5, lowest: 0.2)
        #expect(outcome(claim, [["with": measures(late: 50, lowest: 1), "without": sound]]) == .undecided)
        #expect(outcome(claim, [["without": measures(late: 0.001, lowest: 0.001)]]) == .undecided)
        #expect(outcome(claim, []) == .undecided)
    }

    @Test("a cause harms where the gradient is at most a third of what it is without")
    func harms() {
        let claim = Claim.harms("q", "with", beside: "without")
        let sound = measures(late: 0.3, lowest: 0.2)
        #expect(outcome(claim, [["with": measures(late: 0.09, lowest: 0), "without": sound]]) == .held)
        #expect(outcome(claim, [["with": measures(late: 0.2, lowest: 0), "without": sound]]) == .didNotHold)
    }

    @Test("every claim comes out both ways for some numbers, and asks only for models that there are")
    func bothWays() {
        // Two opposite runs: everything vanishes and is sure; nothing does.
        var lost = measures(late: 1e-9, lowest: 1e-9)
        lost.generator = lost.image
        lost.discriminator = lost.image
        (lost.accuracy, lost.sureFrom, lost.imageWhenSure, lost.discriminatorWhenSure) = (1, 10, 1e-9, 1e-9)
        (lost.discriminatorLowestWhenSure, lost.updates, lost.unsteadiness, lost.slope) = (1e-9, 1e-3, 2, 9)
        lost.labels = labels(0.1)
        var sound = measures(late: 1, lowest: 0.5)
        sound.generator = sound.image
        sound.discriminator = sound.image
        (sound.accuracy, sound.sureFrom, sound.imageWhenSure, sound.discriminatorWhenSure) = (0.7, 500, 0.5, 0.5)
        (sound.discriminatorLowestWhenSure, sound.updates, sound.unsteadiness, sound.slope) = (0.5, 1, 0.1, 1)
        sound.labels = labels(0.9)
        for claim in Claim.all {
            #expect(claim.models.allSatisfy { ArticleModel.named($0) != nil }, "\(claim.quote)")
            var outcomes: Set<Claim.Outcome> = []
            // The first model is the one that is spoken of; what is between the two shows what depends on two measures.
            var mixed = lost
            mixed.discriminatorWhenSure = 0.5
            var restless = sound
            restless.unsteadiness = 1
            for first in [lost, sound, mixed] {
                for rest in [lost, sound, restless] {
                    var runs = Dictionary(uniqueKeysWithValues: claim.models.map { ($0, rest) })
                    runs[claim.models[0]] = first
                    outcomes.insert(outcome(claim, [runs]))
                }
            }
            #expect(outcomes.isSuperset(of: [.held, .didNotHold]), "\(claim.quote), \(claim.subject)")
        }
    }

    private func labels(_ share: Double) -> LabelAgreement {
        LabelAgreement(generated: share, real: 0.95, chance: 0.1)
    }

    @Test("a course is relative to its first step: its late half, and its lowest window")
    func course() throws {
        let values = (1...200).map { $0 <= 10 ? 4.0 : $0 <= 100 ? 2 : $0 <= 110 ? 0.04 : 1 }
        let course = try #require(RunMeasures.Course(values))
        #expect(course.start == 4)
        #expect(course.late == 0.25)
        #expect(abs(course.lowest - 0.01) < 1e-12)
        #expect(RunMeasures.Course([]) == nil)
        #expect(RunMeasures.Course([0, 0, 0]) == nil)
    }

    @Test("every listing as printed is spoken of by check, but for the norm over all axes, which is right")
    func printed() throws {
        let codes = try PrintedListing.all.map { listing in
            (listing.file, try CheckedModel(listing.source, listing.program).codes)
        }
        let table = Dictionary(uniqueKeysWithValues: codes)
        #expect(table["PrintedNorm.swift"] == ["GZ010"])
        #expect(table["PrintedNormOfTwoAxes.swift"]?.contains("GZ019") == true)
        #expect(table["PrintedTargets.swift"] == ["M014"])
        #expect(table["PrintedTargetsStretched.swift"]?.contains("GZ015") == true)
        #expect(table["PrintedLogits.swift"] == ["M013"])
    }

    @Test(
        "the articles' models have no errors, and their texts say what they change",
        arguments: ArticleModel.all.map(\.name))
    func models(name: String) throws {
        let model = try #require(ArticleModel.named(name))
        #expect(model.source.contains("let name = \"\(name)\""))
        let program = try model.program()
        #expect(program.name == name)
        let watching = program.watchingImageGradient()
        let outputs = watching.phases[1].graph.outputs.map(\.name)
        #expect(outputs.contains("gradient.image"))
        #expect(outputs.first == "loss")
    }
}
