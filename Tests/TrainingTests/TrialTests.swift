import Diagnosis
import Foundation
import Testing

@testable import Training

@Suite("Trials")
struct TrialTests {
    @Test("steps that leave nothing on the disk have the numbers of a run, from the beginning and from a checkpoint")
    func sameNumbers() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            let run = RunFolder("\(folder)/run")
            _ = try built.session(run.path).run(TrainingOptions(steps: 6, checkpointEvery: 3), progress: silent())
            let lines = try run.metrics()
            for first in [0, 3] {
                let model = try built.model()
                let state = try Checkpoint.read(run.checkpointPath(step: first)).carry(into: model)
                #expect(state.fresh.isEmpty)
                let trial = try TrialRun(model, on: BuiltModel.glyphs, after: first, telemetryInterval: 50)
                for line in lines[first...] {
                    var told = line.values
                    told["seconds"] = nil
                    #expect(MetricsLine(step: line.step, try trial.advance()).values == told)
                }
                #expect(trial.step == 6)
            }
        }
    }

    @Test("what another model shares with a checkpoint comes over with its moments, the rest begins anew")
    func carrying() async throws {
        let built = try await BuiltModel.tiny.value
        let wider = try await BuiltModel.wider.value
        try await withTemporaryFolder { folder in
            _ = try built.session("\(folder)/run").run(TrainingOptions(steps: 2), progress: silent())
            let checkpoint = try Checkpoint.read(RunFolder("\(folder)/run").checkpointPath(step: 2))
            let (model, untouched) = (try wider.model(), try wider.model())
            let state = try checkpoint.carry(into: model)
            // Only the discriminator's last bias has a shape that both have.
            #expect(state.carried == ["discriminator.dense2.bias"])
            #expect(
                state.fresh.contains("generator.dense1.weight") && state.fresh.contains("discriminator.dense1.bias"))
            let held = Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0.entry.bytes) })
            for (index, tensor) in model.manifest.tensors.enumerated() {
                guard let name = tensor.nameInCheckpoint else { continue }
                let bytes = Array(try model.bytes(ofTensor: index))
                let expected =
                    tensor.name == "discriminator.dense2.bias"
                    ? held[name] : Array(try untouched.bytes(ofTensor: index))
                #expect(bytes == expected, "\(name)")
            }
        }
    }

    @Test("a run keeps its model's source, and has none to give if it was begun without")
    func source() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            _ = try built.session("\(folder)/without")
            #expect(try RunFolder("\(folder)/without").modelSource() == nil)
            let run = RunFolder("\(folder)/with")
            _ = try TrainingSession(
                beginning: built.program, identity: try built.identity(), model: try built.model(),
                dataset: BuiltModel.glyphs, folder: run, steps: 6, source: "a\r\nb")
            #expect(try run.modelSource() == "a\r\nb")
        }
    }

    @Test("checkpoints from before trouble are kept beside the last three")
    func keptCheckpoints() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("cganc-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let run = RunFolder(path)
        try FileManager.default.createDirectory(atPath: "\(path)/checkpoints", withIntermediateDirectories: true)
        for step in [0, 10, 20, 30, 40, 50] {
            try Data().write(to: URL(fileURLWithPath: run.checkpointPath(step: step)))
        }
        #expect(run.oldCheckpoints == [0, 10, 20])
        run.pruneCheckpoints(but: [10])
        #expect(run.checkpointSteps == [10, 30, 40, 50])
        run.pruneCheckpoints()
        #expect(run.checkpointSteps == [30, 40, 50])
    }
}
