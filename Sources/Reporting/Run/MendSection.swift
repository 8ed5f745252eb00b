import Diagnosis
import Mending

/// What became of the mends that were tried on a run: which was made, how all of them went, and the change itself.
struct MendSection {
    private let report: MendReport
    private let run: String

    /// The section on `report`, which lies in the folder `run`.
    init(_ report: MendReport, run: String) {
        self.report = report
        self.run = run
    }

    var html: HTML {
        """
        <p>\(winner)</p>
        \(change)
        <p class="soft">Tried for <b>\(report.verdict.headline)</b>: each mend trained from \(begin(report.forkStep)) to step \
        \(report.lastStep), beside the model as it is, with the run's data and seed.</p>
        \(table)
        <p class="soft">\(Ranking.legend)</p>
        \(confirmations)\(refused)
        """
    }

    private var winner: HTML {
        guard let best = report.best else { return "No mend was confirmed." }
        return
            "<b>\(best)</b> mends it; <code>cganc diagnose \(run) --apply</code> makes the change in the model's file:"
    }

    private var change: HTML { report.change.map { HTML(unifiedDiff: $0) } ?? .nothing }

    private func begin(_ step: Int) -> String { step == 0 ? "the beginning" : "step \(step)" }

    private var table: HTML {
        var table = HTMLTable([
            ("", .right), ("mend", .left), ("verdict", .left), ("G's gradient", .right), ("label effect", .right),
            ("agreement", .right), ("spread", .right), ("distance", .right),
        ])
        for (index, entry) in report.mends.enumerated() { table.add(cells("\(index + 1)", entry)) }
        table.add(cells("", report.control))
        return table.html
    }

    private func cells(_ place: HTML, _ entry: MendReport.Entry) -> [HTML] {
        func number(_ value: Double?) -> HTML { value.map { "\(PlotNumber.text($0))" } ?? "–" }
        let name: HTML = entry.name.map { $0 == report.best ? "<b>\($0)</b>" : "\($0)" } ?? "as it is"
        let origin: HTML = entry.begin.map { "<span class=\"soft\">, from \(begin($0))</span>" } ?? .nothing
        return [
            place, name + origin, "\(entry.state)", number(entry.gradient),
            number(entry.labelEffect), entry.agreement.map { "\(PlotNumber.percent($0))" } ?? "–",
            number(entry.spread), number(entry.distance),
        ]
    }

    private var confirmations: HTML {
        guard !report.confirmations.isEmpty else { return .nothing }
        let items = report.confirmations.map { run -> HTML in
            """
            <li><b>\(run.entry.name ?? "")</b> with seed \(String(run.seed)), \(run.lastStep) steps: \
            \(run.entry.isRecovered ? "confirmed" : "not confirmed"), \(run.entry.verdict.headline)</li>
            """
        }
        return "<h3>From the beginning, with another seed</h3><ul>\(items.joined())</ul>"
    }

    private var refused: HTML {
        guard !report.refused.isEmpty else { return .nothing }
        let items = report.refused.sorted { $0.key < $1.key }.map { "<li>\($0.key): \($0.value)</li>" as HTML }
        return "<h3>Not tried</h3><ul>\(items.joined())</ul>"
    }
}
