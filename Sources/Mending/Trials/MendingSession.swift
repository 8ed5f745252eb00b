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

    /// Tries every recommended mend, then combinations if none was enough, and confirms the best by runs with fresh
    /// seeds; writes the report into the run's folder.
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
        progress.say(trials.plan(forks: recommended.count + 2))
        let (first, refused) = try await trials.candidates(of: recommended.map { ($0.mend.name, $0.text) })
        var ranking = Ranking(control: try fork(trials.control, 1, of: first.count + 1))
        for (index, candidate) in first.enumerated() {
            ranking.add(try fork(candidate, index + 2, of: first.count + 1))
        }
        if ranking.recovered.isEmpty, names == nil {
            let texts = trials.combinations(on: ranking.rows)
            progress.say("no single mend was enough; \(texts.count) are tried on top of the best two")
            let (second, _) = try await trials.candidates(of: texts)
            for (index, candidate) in second.enumerated() {
                ranking.add(try fork(candidate, index + 1, of: second.count))
            }
        }
        var confirmed: [(seed: UInt64, row: Trials.Row)] = []
        var best: Trials.Row?
        for row in ranking.recovered.prefix(Self.confirmations) where best == nil {
            let seed = trials.run.identity.seed &+ UInt64(confirmed.count) &+ 1
            let run = try trials.confirm(row.candidate, seed: seed) { step in
                progress.show("\(row.candidate.name ?? "") with seed \(seed)", step: step, of: trials.lastStep)
            }
            confirmed.append((seed, run))
            let isRecovered = run.recovery.isRecovery(from: ranking.control.recovery)
            progress.say(
                "\(row.candidate.name ?? "") from the beginning with seed \(seed): "
                    + (isRecovered ? "confirmed, " : "not confirmed, ") + run.recovery.verdict.sentence)
            if isRecovered { best = row }
        }
        let report = MendReport(
            trials.run, lastStep: trials.lastStep, ranking: ranking, refused: refused, confirmations: confirmed)
        try report.write(to: trials.run.folder)
        return Result(ranking: ranking, best: best, report: report)
    }

    private func fork(_ candidate: Candidate, _ number: Int, of count: Int) throws -> Trials.Row {
        let name = candidate.name ?? "as it is"
        let row = try trials.fork(candidate) { step in
            progress.show("\(number)/\(count) \(name)", step: step, of: trials.lastStep)
        }
        progress.say("\(number)/\(count) \(name): \(row.recovery.verdict.headline)")
        return row
    }
}

extension Trials {
    /// What is about to be done, and how long it takes.
    fileprivate func plan(forks: Int) -> String {
        let begin = run.forkStep == 0 ? "the beginning" : "step \(run.forkStep)"
        return "\(forks) runs of \(steps) steps from \(begin) to \(lastStep), about "
            + TrainingProgress.time(seconds(forForks: forks))
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
