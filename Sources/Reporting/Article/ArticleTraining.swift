import CGAN
import Compiler
import Formats
import Foundation
import Native
import Training

/// Trains what an ``ArticlePlan`` asks for and is not done yet. A run that was interrupted goes on where it stopped.
public struct ArticleTraining: Sendable {
    private let plan: ArticlePlan
    private let jobs: Int
    private let report: @Sendable (String) -> Void

    /// - Parameters:
    ///   - jobs: runs at a time, each with one thread: the bits do not depend on it.
    ///   - report: takes a line for each run that ends.
    public init(_ plan: ArticlePlan, jobs: Int, report: @escaping @Sendable (String) -> Void) {
        self.plan = plan
        self.jobs = max(1, jobs)
        self.report = report
    }

    /// Trains.
    ///
    /// - Returns: false if a person ended it before all was done.
    /// - Throws: what is wrong with a model, its data or its run; the other runs are left as they are.
    public func run() async throws -> Bool {
        try plan.check()
        let all = plan.runs
        let open = all.filter { !$0.isDone(steps: plan.steps) }
        var done = all.count - open.count
        return try await withThrowingTaskGroup(of: Outcome.self) { group in
            var isWhole = true
            func take(_ outcome: Outcome) {
                guard let seconds = outcome.seconds else { return isWhole = false }
                done += 1
                report("\(done)/\(all.count)  \(outcome.run.model.name), seed \(outcome.run.seed): \(Int(seconds)) s")
            }
            for (index, run) in open.enumerated() {
                if index >= jobs, let outcome = try await group.next() { take(outcome) }
                guard isWhole else { break }
                group.addTask {
                    let start = ContinuousClock.now
                    let isDone = try await train(run)
                    return Outcome(run: run, seconds: isDone ? (ContinuousClock.now - start) / .seconds(1) : nil)
                }
            }
            for try await outcome in group { take(outcome) }
            return isWhole
        }
    }

    /// What came of a run: how long it took, nil if a person stopped it.
    private struct Outcome: Sendable {
        var run: ArticlePlan.Run
        var seconds: Double?
    }

    /// Trains one run to its end, and lets its images be judged; false if a person stopped it.
    private func train(_ run: ArticlePlan.Run) async throws -> Bool {
        let program = try run.model.program().watchingImageGradient()
        let compilation = try Compilation(program)
        let library = try await BuildCache().library(of: try compilation.emit(), precision: .float)
        let model = try NativeModel(library: library, seed: run.seed, threads: 1)
        let dataset = try program.dataset(plan.data)
        let identity = RunIdentity(
            compilation, manifest: model.manifest, seed: run.seed, precision: .float, dataset: dataset, data: plan.data)
        let session =
            run.folder.checkpointSteps.isEmpty
            ? try TrainingSession(
                beginning: program, identity: identity, model: model, dataset: dataset, folder: run.folder,
                steps: plan.steps, source: run.model.source)
            : try TrainingSession(
                resuming: run.folder, program: program, identity: identity, model: model, dataset: dataset)
        let options = TrainingOptions(
            steps: plan.steps, sampleEvery: plan.steps, checkpointEvery: max(1, plan.steps / 2),
            telemetryInterval: plan.telemetryInterval)
        let summary = try session.run(options, progress: TrainingProgress(isTerminal: false) { _ in })
        guard !summary.wasInterrupted else { return false }
        let labels = try LabelAgreement(of: model, on: dataset)
        try AtomicFile.write([UInt8](try JSONEncoder().encode(labels)), to: run.labelsPath)
        for step in run.folder.checkpointSteps.dropLast() {
            try? FileManager.default.removeItem(atPath: run.folder.checkpointPath(step: step))
        }
        return true
    }
}
