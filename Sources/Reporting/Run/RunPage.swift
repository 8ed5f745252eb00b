import CGAN
import Diagnosis
import Formats
import Foundation
import Mending
import Training

/// The page of a run: what is happening, the mends that were tried, the curves, the samples, the model and what `cganc
/// check` says of it.
public struct RunPage {
    private let record: RunRecord
    private let source: ModelSource?
    private let mends: MendReport?
    private let settings: [(name: String, value: String)]

    /// The page of `record`.
    ///
    /// - Parameters:
    ///   - source: the model's text, if it can be had.
    ///   - mends: what became of mends that were tried, if any were.
    ///   - settings: what a person may want to know of the run besides what its program says.
    public init(
        _ record: RunRecord, source: ModelSource?, mends: MendReport? = nil,
        settings: [(name: String, value: String)] = []
    ) {
        self.record = record
        self.source = source
        self.mends = mends
        self.settings = settings
    }

    /// The page's text.
    ///
    /// - Throws: what is wrong with a template; `FormatError` if a sample sheet cannot be read.
    public func text() throws -> String {
        let program = record.program
        var sections: [Page.Section] = [
            .init("Curves", anchor: "curves", curves), .init("Samples", anchor: "samples", try samples()),
            .init("The model", anchor: "model", try model()), .init("Settings", anchor: "settings", settingTable),
        ]
        if let mends {
            sections.insert(.init("Mends", anchor: "mends", MendSection(mends, run: record.folder.path).html), at: 0)
        }
        return try Page(
            title: "\(program.name), \(PlotNumber.counted(record.step, "step"))", lead: lead, sections: sections
        ).text()
    }

    /// Writes the page into the run's folder.
    ///
    /// - Returns: its path, `RUN/report.html`.
    /// - Throws: as ``text()``; `FormatError` if it cannot be written.
    public func write() throws -> String {
        let path = record.folder.reportPath
        try AtomicFile.write(try text(), to: path)
        return path
    }

    // MARK: Verdicts

    private var lead: HTML {
        let verdict = record.verdict
        let isOpen = verdict.isHealthy && verdict.evidence.isEmpty
        let evidence = verdict.evidence.map { "<li>\($0)</li>" as HTML }.joined()
        let page: HTML =
            verdict.code.map {
                "<p class=\"soft\">since step \(verdict.since); <code>cganc explain \($0.rawValue)</code> tells more</p>"
            } ?? .nothing
        let list: HTML = verdict.evidence.isEmpty ? .nothing : "<ul>\(evidence)</ul>"
        return """
            <div class="verdict \(verdict.code != nil ? "bad" : isOpen ? "open" : "good")"><p><b>\(verdict.headline)</b></p>\
            \(page)\(list)</div>
            \(history)
            """
    }

    /// What was wrong earlier, or is besides.
    private var history: HTML {
        let others = record.history.filter { $0 != record.verdict }
        guard !others.isEmpty else { return .nothing }
        var table = HTMLTable([("steps", .left), ("verdict", .left)])
        for verdict in others {
            let end = verdict.until.map(String.init) ?? "now"
            table.add(["\(verdict.since) … \(end)", "\(verdict.headline)"])
        }
        return "<h3>Also</h3>\(table.html)"
    }

    // MARK: Parts

    private var curves: HTML {
        """
        <p class="soft">The horizontal axis counts steps. Where there are more steps than room, a line is the median of \
        neighbouring steps and its band reaches from the lowest to the highest.</p>
        \(RunCurves(record).html)
        """
    }

    /// At most eight sheets, the last one among them.
    private func samples() throws -> HTML {
        let steps = record.folder.sampleSteps.filter { $0 <= record.step }
        guard !steps.isEmpty else { return "<p>No sheet has been drawn yet.</p>" }
        let count = min(8, steps.count)
        let shown = (1...count).map { steps[$0 * steps.count / count - 1] }
        let sheets = try shown.map { step in
            try EmbeddedImage(png: record.folder.samplePath(step: step), caption: "step \(step)").html
        }
        return "<p class=\"soft\">One row for each class.</p><div class=\"sheets\">\(sheets.joined())</div>"
    }

    private func model() throws -> HTML {
        let checked = try CheckedModel(source?.text) { record.program }
        let text: HTML =
            source.map { "<h3>\($0.name)</h3><pre>\($0.text)</pre>" } ?? "<p>Its text is not to be had.</p>"
        return "<p><code>cganc check</code> says:</p><pre class=\"wrap\">\(checked.text)</pre>\(text)"
    }

    private var settingTable: HTML {
        let program = record.program
        var table = HTMLTable([("", .left), ("", .left)])
        for (name, value) in settings { table.add(["\(name)", "\(value)"]) }
        table.add([
            "images", "\(program.image.description), \(PlotNumber.counted(program.classes, "class", "classes"))",
        ])
        table.add(["latent", "\(program.latent)"])
        table.add(["batch", "\(program.batch)"])
        for phase in program.phases {
            let runs = phase.runs == 1 ? "" : ", \(phase.runs) runs a step"
            table.add(["\(phase.name)", "\(phase.optimizer.summary)\(runs), \(trained(phase.network)) trained numbers"])
        }
        if let average = program.average {
            table.add(["moving average", "of the \(average.network), decay \(PlotNumber.text(average.decay))"])
        }
        if let seconds = median(record.values("seconds").map(\.value)) {
            table.add(["a step takes", "\(PlotNumber.text(seconds * 1000)) ms"])
        }
        return table.html
    }

    private func trained(_ network: String) -> Int {
        record.program.parameters.filter { $0.network == network && $0.isTrained }.reduce(0) { $0 + $1.shape.count }
    }
}

extension RunFolder {
    /// The page about the run.
    public var reportPath: String { "\(path)/report.html" }

    /// The steps of which there are sample sheets, ascending.
    public var sampleSteps: [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/samples")) ?? []
        return names.compactMap { name in
            guard name.hasPrefix("step-"), name.hasSuffix(".png") else { return nil }
            return Int(name.dropFirst(5).dropLast(4))
        }.sorted()
    }
}

extension Optimizer {
    /// The rule and its numbers: `Adam(0.0001, 0.5, 0.9)`.
    public var summary: String {
        switch self {
        case .sgd(let rate, let momentum, let nesterov):
            "SGD(\(rate)" + (momentum == 0 ? ")" : ", momentum \(momentum)\(nesterov ? ", Nesterov" : ""))")
        case .rmsProp(let rate, let decay, _): "RMSProp(\(rate), \(decay))"
        case .adam(let rate, let beta1, let beta2, _): "Adam(\(rate), \(beta1), \(beta2))"
        }
    }
}
