import Compiler
public import Diagnosis
import Formats
import Foundation
public import Training

/// Forks in the order of how far they have recovered, beside the model as it is.
public struct Ranking: Sendable {
    /// The model as it is.
    public let control: Trials.Row
    /// The mends, the best first.
    public private(set) var rows: [Trials.Row]

    /// The ranking of `rows`.
    public init(control: Trials.Row, rows: [Trials.Row] = []) {
        self.control = control
        self.rows = []
        for row in rows { add(row) }
    }

    /// Puts `row` in its place, behind those that are as good.
    public mutating func add(_ row: Trials.Row) {
        let place = rows.firstIndex { row.recovery.isBetter(than: $0.recovery, control: control.recovery) }
        rows.insert(row, at: place ?? rows.endIndex)
    }

    /// The mends after which nothing is wrong, the best first.
    public var recovered: [Trials.Row] { rows.filter { $0.recovery.isRecovery(from: control.recovery) } }

    /// The table that people are shown.
    public var text: String {
        var table = TextTable([
            ("", .right), ("mend", .left), ("verdict", .left), ("G gradient", .right), ("label effect", .right),
            ("agreement", .right), ("spread", .right), ("distance", .right),
        ])
        for (index, row) in rows.enumerated() { table.add(cells("\(index + 1)", row)) }
        table.add(cells("", control))
        return table.text
    }

    private func cells(_ place: String, _ row: Trials.Row) -> [String] {
        let recovery = row.recovery
        func number(_ value: Double?, _ digits: Int) -> String {
            value.map { TextTable.number($0, digits) } ?? "-"
        }
        let verdict = recovery.verdict.code?.rawValue ?? (recovery.isJudged ? "healthy" : "too early")
        return [
            place, row.candidate.name ?? "(as it is)", verdict,
            recovery.gradient.map { String(format: "%.2e", $0) } ?? "-", number(recovery.labelEffect, 2),
            recovery.samples.map { TextTable.percent($0.agreement) } ?? "-", number(recovery.spread, 2),
            number(recovery.samples?.distance, 3),
        ]
    }

    /// What the columns mean, for below the table.
    public static let legend = """
        label effect and spread are parts of the spread of real images within a class; agreement is the share of samples
        nearest to the mean of their own class; distance is the energy distance from real images, 0 where both are alike.
        """
}

/// What a trial came to, as the run's folder keeps it (`mends.json`).
public struct MendReport: Codable, Sendable {
    /// What is wrong with the run.
    public var verdict: Verdict
    /// The step at which forks began, and that at which they ended.
    public var forkStep, lastStep: Int
    /// The model as it is.
    public var control: Entry
    /// The mends, the best first.
    public var mends: [Entry]
    /// Mends that were not tried, and why.
    public var refused: [String: String]
    /// The mend that was confirmed; nil if none was.
    public var best: String?
    /// Runs with fresh seeds that were to confirm a mend, in order.
    public var confirmations: [Confirmation]

    /// One fork.
    public struct Entry: Codable, Sendable {
        /// The mend; nil for the model as it is.
        public var name: String?
        /// What is happening at its end.
        public var verdict: Verdict
        /// True if nothing is wrong any more.
        public var isRecovered: Bool
        /// The numbers of ``Recovery``; nil where the fork stopped.
        public var gradient, labelEffect, agreement, spread, distance: Double?
    }

    /// One run with a fresh seed.
    public struct Confirmation: Codable, Sendable {
        /// The seed.
        public var seed: UInt64
        /// How it ended.
        public var entry: Entry
    }

    /// The report on a ranking.
    init(
        _ run: RunToMend, lastStep: Int, ranking: Ranking, refused: [(name: String, reason: String)],
        confirmations: [(seed: UInt64, row: Trials.Row)]
    ) {
        func entry(_ row: Trials.Row) -> Entry {
            let recovery = row.recovery
            return Entry(
                name: row.candidate.name, verdict: recovery.verdict,
                isRecovered: recovery.isRecovery(from: ranking.control.recovery), gradient: recovery.gradient,
                labelEffect: recovery.labelEffect, agreement: recovery.samples?.agreement, spread: recovery.spread,
                distance: recovery.samples?.distance)
        }
        verdict = run.verdict
        forkStep = run.forkStep
        self.lastStep = lastStep
        control = entry(ranking.control)
        mends = ranking.rows.map(entry)
        self.refused = Dictionary(refused.map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first })
        self.confirmations = confirmations.map { Confirmation(seed: $0.seed, entry: entry($0.row)) }
        best = self.confirmations.first { $0.entry.isRecovered }?.entry.name
    }

    /// Writes the report to the run's folder.
    func write(to folder: RunFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write([UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")], to: folder.mendsPath)
    }

    /// The report that lies in the run's folder; nil if mends were not tried there.
    public static func read(from folder: RunFolder) throws -> MendReport? {
        guard FileManager.default.fileExists(atPath: folder.mendsPath) else { return nil }
        let bytes = try InputFile.read(folder.mendsPath)
        do {
            return try JSONDecoder().decode(MendReport.self, from: Data(bytes))
        } catch {
            throw FormatError(
                path: folder.mendsPath, "not a report on mends",
                help: "make it anew: cganc diagnose \(folder.path) --try")
        }
    }
}
