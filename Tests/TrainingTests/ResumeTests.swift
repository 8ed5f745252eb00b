import Datasets
import Diagnosis
import Foundation
import Testing

@testable import Training

@Suite("Resuming")
struct ResumeTests {
    @Test("six steps equal three steps and three resumed ones, bit for bit", arguments: [false, true])
    func resumeEqualsStraightRun(stored: Bool) async throws {
        let built = try await BuiltModel.tiny.value
        // 20 examples and 24 a step: every step runs across the border of two epochs.
        let dataset: any Dataset = stored ? BuiltModel.stored(20) : BuiltModel.glyphs
        try await withTemporaryFolder { folder in
            _ = try built.session("\(folder)/straight", dataset).run(TrainingOptions(steps: 6), progress: silent())
            _ = try built.session("\(folder)/parts", dataset).run(TrainingOptions(steps: 3), progress: silent())
            let summary = try built.resumed("\(folder)/parts", dataset).run(
                TrainingOptions(steps: 6), progress: silent())
            #expect(summary.step == 6 && summary.stepsHere == 3)
            #expect(try state("\(folder)/parts", step: 6) == state("\(folder)/straight", step: 6))
            #expect(try metrics("\(folder)/parts") == metrics("\(folder)/straight"))
            let pictures = try ["parts", "straight"].map {
                try Data(contentsOf: URL(fileURLWithPath: RunFolder("\(folder)/\($0)").samplePath(step: 6)))
            }
            #expect(pictures[0] == pictures[1])
        }
    }

    @Test("a resumed run comes to the verdicts of a straight one, on the same lines, wherever it was cut")
    func verdictsGoOn() async throws {
        let built = try await BuiltModel(Idle())
        try await withTemporaryFolder { folder in
            let options = TrainingOptions(steps: 180, telemetryInterval: 10)
            let straight = try built.session("\(folder)/straight").run(options, progress: silent())
            let lines = try metrics("\(folder)/straight")
            #expect(straight.verdict.code == .updatesTooSmall && straight.verdict.since == 100)
            let told = try RunFolder("\(folder)/straight").metrics().compactMap(\.verdict)
            #expect(told.map(\.code) == [nil, .updatesTooSmall])
            for cut in [90, 105, 130] {
                var first = options
                first.steps = cut
                _ = try built.session("\(folder)/\(cut)").run(first, progress: silent())
                let summary = try built.resumed("\(folder)/\(cut)").run(options, progress: silent())
                #expect(summary.verdict == straight.verdict)
                #expect(try metrics("\(folder)/\(cut)") == lines)
            }
            // Read again afterwards, the lines say what was said while they were written.
            var observer = RunObserver(RunFacts(built.program))
            for line in try RunFolder("\(folder)/straight").metrics() {
                #expect(observer.observe(MetricsLine(step: line.step, values: line.values)) == line.verdict)
            }
            #expect(observer.verdict == straight.verdict)
        }
    }

    @Test("one thread and two give the same bits")
    func threadsDoNotMatter() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            for threads in [1, 2] {
                _ = try built.session("\(folder)/\(threads)", threads: threads)
                    .run(TrainingOptions(steps: 4), progress: silent())
            }
            #expect(try state("\(folder)/1", step: 4) == state("\(folder)/2", step: 4))
        }
    }

    @Test("another seed gives other parameters")
    func seedMatters() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            for seed in [1, 2] as [UInt64] {
                _ = try built.session("\(folder)/\(seed)", seed: seed).run(
                    TrainingOptions(steps: 1), progress: silent())
            }
            #expect(try state("\(folder)/1", step: 1) != state("\(folder)/2", step: 1))
        }
    }

    @Test("lines that were written after the last checkpoint are written again, not twice")
    func metricsAreCut() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            let run = "\(folder)/run"
            _ = try built.session(run).run(TrainingOptions(steps: 5, checkpointEvery: 3), progress: silent())
            let straight = try metrics(run)
            // As if the process had ended after step 5, before its checkpoint.
            try FileManager.default.removeItem(atPath: RunFolder(run).checkpointPath(step: 5))
            _ = try built.resumed(run).run(TrainingOptions(steps: 5), progress: silent())
            #expect(try metrics(run) == straight)
        }
    }

    @Test("a run is not resumed with another seed, other data, or another model, and nothing is touched")
    func otherRunsAreRefused() async throws {
        let built = try await BuiltModel.tiny.value
        let wider = try await BuiltModel.wider.value
        try await withTemporaryFolder { folder in
            let run = "\(folder)/run"
            _ = try built.session(run).run(TrainingOptions(steps: 2), progress: silent())
            let before = try state(run, step: 2)
            let seed = #expect(throws: TrainingError.self) { try built.resumed(run, seed: 8) }
            #expect(seed?.notes == ["it has seed 7, not 8"])
            let data = #expect(throws: TrainingError.self) { try built.resumed(run, BuiltModel.stored(20)) }
            #expect(data?.notes == ["it has data glyphs, not stored"])
            let model = #expect(throws: TrainingError.self) { try wider.resumed(run) }
            #expect(model?.notes == ["it has parameters of other names or shapes"])
            #expect(model?.help?.isEmpty == false)
            #expect(try state(run, step: 2) == before)
            #expect(try metrics(run).count == 2)
        }
    }
}
