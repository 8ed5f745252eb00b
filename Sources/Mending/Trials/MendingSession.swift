import Foundation
import Training

/// The whole of `--try`: the forks, the ranking, and runs with fresh seeds that confirm the best.
public struct MendingSession {
    private let trials: Trials
    private let progress: MendingProgress

    /// How many mends are given a run of their own with a fresh seed, at most.
    private static let confirmations = 3

    /// What came of it.
    public struct Result: Sendable {
        /// All forks.
        public var ranking: Ranking
        /// The mend that a run with a fresh seed has confirmed.
        public var best: Trials.Row?
        /// As the run's folder keeps it.
        public var report: MendReport
    }

    /// A session over `trials`.
    public init(_ trials: Trials, progress: MendingProgress) {
        self.trials = trials
        self.progress = progress
    }

    /// Tries every recommended mend, from the beginning too and then in combinations if none was enough, and confirms the
    /// best by runs with fresh seeds; writes the report into the run's folder.
    ///
    /// - Parameter names: of the mends to try, instead of all that are recommended.
    /// - Throws: `TrainingError` if nothing can be tried; what building and training throw.
    public func run(among names: [String]? = nil) async throws -> Result {
        let recommended = trials.mends(among: names)
        guard !recommended.isEmpty else {
            throw TrainingError(
                "no mend of the model's file is known for this: \(trials.run.verdict.sentence)",
                help: trials.run.verdict.code.map { "cganc explain \($0.rawValue) says what can be done" })
        }
        progress.say(trials.plan(forks: recommended.count + 1))
        let (candidates, refused) = try await trials.candidates(of: recommended)
        var ranking = Ranking(
            control: try fork(trials.control, 1, of: candidates.count + 1), for: trials.run.verdict.code)
        for (index, candidate) in candidates.enumerated() {
            ranking.add(try fork(candidate, index + 2, of: candidates.count + 1))
        }
        if ranking.recovered.isEmpty, trials.canBeginAgain { try beginAgain(&ranking) }
        if ranking.recovered.isEmpty, names == nil { try await combine(&ranking) }
        let (confirmed, best) = try confirm(ranking)
        let report = MendReport(
            trials, ranking: ranking, refused: refused, confirmations: confirmed,
            change: best.map { trials.change(to: $0.candidate.text).text })
        try report.write(to: trials.run.folder)
        return Result(ranking: ranking, best: best, report: report)
    }

    /// Tries the mends from the beginning: the checkpoint may carry what a mend would have kept away.
    private func beginAgain(_ ranking: inout Ranking) throws {
        let rows = ranking.rows.filter { $0.begin > 0 }
        progress.say("no mend was enough from step \(trials.forkStep); all are tried from the beginning")
        for (index, row) in rows.enumerated() {
            ranking.add(try fork(row.candidate, fromBeginning: true, index + 1, of: rows.count))
        }
    }

    /// Tries second changes on top of the best two.
    private func combine(_ ranking: inout Ranking) async throws {
        let texts = trials.combinations(on: ranking.rows)
        guard !texts.isEmpty else { return }
        progress.say("no single mend was enough; \(texts.count) are tried on top of the best two")
        let (candidates, _) = try await trials.candidates(of: texts)
        for (index, candidate) in candidates.enumerated() {
            ranking.add(try fork(candidate, index + 1, of: candidates.count))
        }
    }

    /// Gives the best mends a run of their own, until one holds.
    private func confirm(_ ranking: Ranking) throws -> (runs: [(seed: UInt64, row: Trials.Row)], best: Trials.Row?) {
        var runs: [(seed: UInt64, row: Trials.Row)] = []
        for row in ranking.recovered.prefix(Self.confirmations) {
            let seed = trials.run.identity.seed &+ UInt64(runs.count) &+ 1
            let name = row.candidate.name ?? ""
            let run = try trials.confirm(row.candidate, seed: seed) { step in
                progress.show("\(name) with seed \(seed)", step: step, of: trials.confirmedStep)
            }
            runs.append((seed, run))
            let isConfirmed = ranking.isRecovered(run)
            progress.say(
                "\(name) from the beginning with seed \(seed), \(trials.confirmedStep) steps: "
                    + (isConfirmed ? "confirmed, " : "not confirmed, ") + run.recovery.verdict.headline)
            if isConfirmed { return (runs, row) }
        }
        return (runs, nil)
    }

    private func fork(
        _ candidate: Candidate, fromBeginning: Bool = false, _ number: Int, of count: Int
    ) throws -> Trials.Row {
        let name = candidate.name ?? "as it is"
        let row = try trials.fork(candidate, fromBeginning: fromBeginning) { step in
            progress.show("\(number)/\(count) \(name)", step: step, of: trials.lastStep)
        }
        progress.say("\(number)/\(count) \(name): \(row.recovery.verdict.headline)")
        return row
    }
}

extension Trials {
    /// True if forks begin later than the run did, and not so late that all of them from the beginning would take many
    /// times as long.
    fileprivate var canBeginAgain: Bool { forkStep > 0 && forkStep <= 4 * steps }

    /// What is about to be done, and how long it takes with a run that confirms the best.
    fileprivate func plan(forks: Int) -> String {
        let begin = forkStep == 0 ? "the beginning" : "step \(forkStep)"
        return "\(forks) runs of \(steps) steps from \(begin) to \(lastStep), then one that confirms the best, about "
            + TrainingProgress.time(seconds(forForks: forks + 1))
    }
}

/// Tells a person how forks go, on standard error.
public final class MendingProgress {
    private let isTerminal: Bool
    private let write: (String) -> Void
    private var lastDrawn: ContinuousClock.Instant?
    private var lineIsOpen = false

    /// Progress on standard error.
    public convenience init() {
        self.init(isTerminal: isatty(2) == 1) { FileHandle.standardError.write(Data($0.utf8)) }
    }

    /// Progress that is handed to `write`.
    public init(isTerminal: Bool, write: @escaping (String) -> Void) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Shows how far a fork is: over itself on a terminal, every few seconds otherwise.
    func show(_ name: String, step: Int, of last: Int) {
        let now = ContinuousClock.now
        if let lastDrawn, now - lastDrawn < (isTerminal ? .milliseconds(200) : .seconds(15)) { return }
        lastDrawn = now
        write(isTerminal ? "\r\(name): step \(step)/\(last)\u{1b}[K" : "\(name): step \(step)/\(last)\n")
        lineIsOpen = isTerminal
    }

    /// Says `text` on a line of its own.
    func say(_ text: String) {
        write((lineIsOpen ? "\r\u{1b}[K" : "") + text + "\n")
        lineIsOpen = false
    }
}
