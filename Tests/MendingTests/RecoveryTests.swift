import Diagnosis
import Testing
import Training

@testable import Mending

/// A fork of three lines whose samples go from one distance to another.
func recovery(
    _ code: DiagnosisCode? = nil, from first: Double, to last: Double, movement: Double = 0.5, gradient: Double = 1,
    isJudged: Bool = true, history: [Verdict] = []
) -> Recovery {
    Recovery(
        Fork.Outcome(
            verdict: Verdict(code, since: 1, sentence: "so it is"), history: history, isJudged: isJudged, stopped: nil,
            lines: (1...3).map { MetricsLine(step: $0, values: ["gradient.norm.generator": gradient]) },
            firstSamples: SampleQuality(agreement: 0.1, distance: first),
            samples: SampleQuality(agreement: 0.1, distance: last), movement: movement, state: CarriedState()))
}

@Suite("what counts as recovered")
struct RecoveryTests {
    @Test("a healthy fork whose samples move and are no further from the data than before has recovered")
    func recovered() {
        let control = recovery(.saturatedUnits, from: 0.3, to: 0.3)
        #expect(recovery(from: 0.6, to: 0.5).isRecovery(from: control))
        #expect(recovery(from: 0.5, to: 0.5).isRecovery(from: control))
    }

    @Test("what comes no further from the data than the model as it is has recovered, though it was nearer before")
    func besideControl() {
        let control = recovery(.modeCollapse, from: 0.2, to: 0.6)
        #expect(recovery(from: 0.2, to: 0.5).isRecovery(from: control))
        #expect(!recovery(from: 0.2, to: 0.7).isRecovery(from: control))
    }

    @Test(
        "a network that stands still, goes astray, has no gradient, is too young or still has a verdict has not recovered"
    )
    func not() {
        let control = recovery(.exploding, from: 0.6, to: 0.4)
        #expect(!recovery(from: 0.6, to: 0.6, movement: 0.01).isRecovery(from: control))
        #expect(!recovery(from: 0.6, to: 0.7).isRecovery(from: control))
        #expect(!recovery(from: 0.6, to: 0.3, gradient: 0).isRecovery(from: control))
        #expect(!recovery(from: 0.6, to: 0.3, isJudged: false).isRecovery(from: control))
        #expect(!recovery(.modeCollapse, from: 0.6, to: 0.3).isRecovery(from: control))
    }

    @Test("a run that confirms a mend must be healthy all the time, a fork only at its end")
    func overall() {
        let control = recovery(.exploding, from: 0.6, to: 0.4)
        let fault = Verdict(.modeCollapse, since: 100, until: 150, sentence: "it was so")
        let fork = recovery(from: 0.6, to: 0.3, history: [fault])
        #expect(fork.isRecovery(from: control))
        #expect(!fork.overall.isRecovery(from: control))
        #expect(fork.overall.verdict == fault)
        #expect(recovery(from: 0.6, to: 0.3).overall.isRecovery(from: control))
    }
}
