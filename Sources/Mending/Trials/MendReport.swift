public import Diagnosis
import Formats
import Foundation
public import Training

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
    /// The change that it makes in the model's file, as a unified difference.
    public var change: String?
    /// Runs with fresh seeds that were to confirm a mend, in order.
    public var confirmations: [Confirmation]

    /// One fork.
    public struct Entry: Codable, Sendable {
        /// The mend; nil for the model as it is.
        public var name: String?
        /// The step at which it began, if that is not the report's.
        public var begin: Int?
        /// What is happening at its end.
        public var verdict: Verdict
        /// The verdict in a word, as the ranking has it: a code, `healthy`, `stands still`, …
        public var state: String
        /// True if nothing is wrong any more.
        public var isRecovered: Bool
        /// The numbers of ``Recovery``; nil where the fork stopped.
        public var gradient, labelEffect, agreement, spread, distance, movement: Double?
    }

    /// One run with a fresh seed.
    public struct Confirmation: Codable, Sendable {
        /// The seed.
        public var seed: UInt64
        /// The step at which it ended.
        public var lastStep: Int
        /// How it ended, or what was wrong in between.
        public var entry: Entry
    }

    /// The report on a ranking.
    ///
    /// - Parameter change: of the row that was confirmed.
    init(
        _ trials: Trials, ranking: Ranking, refused: [(name: String, reason: String)],
        confirmations: [(seed: UInt64, row: Trials.Row)], change: String?
    ) {
        func entry(_ row: Trials.Row) -> Entry {
            let recovery = row.recovery
            return Entry(
                name: row.candidate.name, begin: row.begin == trials.forkStep ? nil : row.begin,
                verdict: recovery.verdict, state: ranking.state(of: row), isRecovered: ranking.isRecovered(row),
                gradient: recovery.gradient, labelEffect: recovery.labelEffect,
                agreement: recovery.samples?.agreement, spread: recovery.spread, distance: recovery.samples?.distance,
                movement: recovery.movement)
        }
        verdict = trials.run.verdict
        forkStep = trials.forkStep
        lastStep = trials.lastStep
        control = entry(ranking.control)
        mends = ranking.rows.map(entry)
        self.refused = Dictionary(refused.map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first })
        self.confirmations = confirmations.map {
            Confirmation(seed: $0.seed, lastStep: trials.confirmedStep, entry: entry($0.row))
        }
        best = self.confirmations.first { $0.entry.isRecovered }?.entry.name
        self.change = change
    }

    /// Writes the report to the run's folder.
    func write(to folder: RunFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try AtomicFile.write([UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")], to: folder.mendsPath)
    }

    /// The report that lies in the run's folder; nil if mends were not tried there.
    ///
    /// - Throws: `FormatError` if it is damaged, or of another cganc.
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
