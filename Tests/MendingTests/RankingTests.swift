import CGAN
import Diagnosis
import Testing

@testable import Mending

@Suite("the order of mends")
struct RankingTests {
    private let program: Program
    private var control: Trials.Row { row(nil, recovery(.saturatedUnits, from: 0.6, to: 0.6)) }

    init() throws { program = try Program(PlainModel()) }

    private func row(_ name: String?, _ recovery: Recovery, begin: Int = 0) -> Trials.Row {
        Trials.Row(
            candidate: Candidate(name: name, text: name ?? "", program: program, library: ""), begin: begin,
            recovery: recovery, fresh: [])
    }

    private func names(_ rows: [Trials.Row], for code: DiagnosisCode = .saturatedUnits) -> [String?] {
        var ranking = Ranking(control: control, for: code)
        for row in rows { ranking.add(row) }
        return ranking.rows.map(\.candidate.name)
    }

    @Test("what has recovered stands before what is nearer to the data but has not, and what is nearer before others")
    func distance() {
        let rows = [
            row("hinge", recovery(.modeCollapse, from: 0.6, to: 0.1)), row("batch-norm", recovery(from: 0.6, to: 0.5)),
            row("leaky-relu", recovery(from: 0.6, to: 0.3)), row("tanh-end", recovery(.exploding, from: 0.6, to: 0.2)),
        ]
        #expect(names(rows) == ["leaky-relu", "batch-norm", "hinge", "tanh-end"])
        #expect(names(rows.reversed()) == ["leaky-relu", "batch-norm", "hinge", "tanh-end"])
    }

    @Test("of mends that are as near but for what a seed changes, single ones stand first, the likeliest in front")
    func ties() {
        let rows = [
            row("batch-norm+leaky-relu", recovery(from: 0.6, to: 0.400)),
            row("leaky-relu", recovery(from: 0.6, to: 0.41)),
            row("usual-initial-values", recovery(from: 0.6, to: 0.43)),
            row("lower-rates", recovery(from: 0.6, to: 0.45)),
        ]
        let expected = ["usual-initial-values", "leaky-relu", "batch-norm+leaky-relu", "lower-rates"]
        #expect(names(rows) == expected)
        #expect(names(rows.reversed()) == expected)
    }

    @Test("a mend that is tried again from the beginning takes its own place, and the table says so")
    func again() {
        var ranking = Ranking(control: row(nil, recovery(.exploding, from: 0.6, to: 0.6), begin: 200), for: .exploding)
        ranking.add(row("r1", recovery(.exploding, from: 0.6, to: 0.5), begin: 200))
        ranking.add(row("r1", recovery(from: 0.6, to: 0.5)))
        #expect(ranking.rows.count == 1 && ranking.recovered.count == 1)
        #expect(ranking.text.contains("r1, from step 0"))
    }

    @Test("a healthy network that does not move, or moves away from the data, is not called healthy")
    func states() {
        let ranking = Ranking(control: control, for: .saturatedUnits)
        #expect(ranking.state(of: row("r1", recovery(from: 0.6, to: 0.5))) == "healthy")
        #expect(ranking.state(of: row("r1", recovery(from: 0.6, to: 0.6, movement: 0))) == "stands still")
        #expect(ranking.state(of: row("r1", recovery(from: 0.6, to: 0.9))) == "goes astray")
        #expect(ranking.state(of: row("r1", recovery(from: 0.6, to: 0.5, isJudged: false))) == "too early")
        #expect(ranking.state(of: control) == "GZ211")
    }
}
