import Formats
import Foundation
import Testing

@testable import Training

@Suite("Sessions")
struct SessionTests {
    @Test("a run on glyphs leaves its program, a line for each step, sheets and checkpoints")
    func aRunLeavesItsFiles() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            let run = RunFolder("\(folder)/run")
            let summary = try built.session(run.path).run(
                TrainingOptions(steps: 6, sampleEvery: 4, checkpointEvery: 1), progress: silent())
            #expect(summary.samples == run.samplePath(step: 6))
            #expect(summary.checkpoint == run.checkpointPath(step: 6))
            #expect(summary.values.map(\.name).contains("discriminator.slope"))
            #expect(!summary.wasInterrupted)
            #expect(run.checkpointSteps == [4, 5, 6])
            let lines = try metrics(run.path)
            #expect(lines.count == 6)
            for (index, line) in lines.enumerated() {
                let object = try #require(
                    try JSONSerialization.jsonObject(with: Data((line + "}").utf8)) as? [String: Double])
                #expect(object["step"] == Double(index + 1))
                #expect(object["generator.loss"]?.isFinite == true)
            }
            // Three classes and ten columns of 8 by 8 pixels, eight times as large, with a pixel between them.
            for step in [4, 6] {
                let sheet = try PNG.read(run.samplePath(step: step))
                #expect(sheet.height == (3 * 9 + 1) * 8 && sheet.width == (10 * 9 + 1) * 8)
            }
        }
    }

    @Test("a folder that holds a run is not begun again, and stays as it is")
    func occupiedFolder() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            let run = "\(folder)/run"
            _ = try built.session(run).run(TrainingOptions(steps: 2), progress: silent())
            let before = try state(run, step: 2)
            let error = #expect(throws: TrainingError.self) { try built.session(run) }
            #expect(error?.message == "\(run) already holds a run")
            #expect(error?.notes == ["its last checkpoint is of step 2"])
            #expect(error?.help?.contains("--resume") == true)
            #expect(try state(run, step: 2) == before)
        }
    }

    @Test("a run that cannot begin leaves nothing")
    func nowhereToWrite() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
            let error = #expect(throws: FormatError.self) { try built.session("\(folder)/file/run") }
            #expect(error?.path == "\(folder)/file")
            try FileManager.default.createDirectory(
                atPath: "\(folder)/run/samples/x", withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: "\(folder)/run/checkpoints"))
            #expect(throws: FormatError.self) { try built.session("\(folder)/run") }
            #expect(!RunFolder("\(folder)/run").holdsRun)
            #expect(FileManager.default.fileExists(atPath: "\(folder)/run/samples/x"))
        }
    }

    @Test("a loss that is no longer finite ends the run and names the last checkpoint")
    func explodingLoss() async throws {
        let built = try await BuiltModel.exploding.value
        try await withTemporaryFolder { folder in
            let session = try built.session("\(folder)/run")
            let error = #expect(throws: TrainingError.self) {
                try session.run(TrainingOptions(steps: 50, checkpointEvery: 1), progress: silent())
            }
            #expect(error?.message.contains("not finite") == true)
            let last = try RunFolder("\(folder)/run").latestCheckpoint()
            #expect(error?.notes == ["the last checkpoint is whole: \(last)"])
            let held = try Checkpoint.read(last)
            #expect(held.tensors.allSatisfy { $0.entry.doubles.allSatisfy(\.isFinite) })
        }
    }

    @Test("a full disk ends the run with an error, and the checkpoint before it stays whole")
    func unwritableCheckpoint() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            let run = RunFolder("\(folder)/run")
            let session = try built.session(run.path)
            _ = try session.run(TrainingOptions(steps: 2), progress: silent())
            // The next checkpoint's name is taken by a folder: it cannot be written.
            try FileManager.default.createDirectory(
                atPath: run.checkpointPath(step: 4), withIntermediateDirectories: true)
            let error = #expect(throws: TrainingError.self) {
                try session.run(TrainingOptions(steps: 4), progress: silent())
            }
            #expect(error?.message.contains("step-000004.safetensors: cannot write") == true)
            #expect(error?.notes == ["the last checkpoint is whole: \(run.checkpointPath(step: 2))"])
            try FileManager.default.removeItem(atPath: run.checkpointPath(step: 4))
            let summary = try built.resumed(run.path).run(TrainingOptions(steps: 4), progress: silent())
            #expect(summary.stepsHere == 2)
        }
    }

    @Test("the moving average leaves the beginning behind within a few steps, and sheets are drawn of it")
    func movingAverage() async throws {
        let built = try await BuiltModel.tiny.value
        let model = try built.model()
        let source = try ExampleSource(BuiltModel.glyphs, model: model)
        let parameter = try #require(model.index(of: "generator.dense1.bias", .parameter))
        let average = try #require(model.index(of: "generator.dense1.bias", .average))
        var expected = try model.values(ofTensor: parameter)
        for step in 0..<5 {
            _ = try model.step(step, batch: try source.batch(step: step))
            let weight = min(0.9, Double(2 + step) / Double(11 + step))
            expected = zip(expected, try model.values(ofTensor: parameter)).map { weight * $0 + (1 - weight) * $1 }
        }
        for (value, wanted) in zip(try model.values(ofTensor: average), expected) {
            #expect(abs(value - wanted) < 1e-6)
        }
        #expect(try SampleGrid.sheet(of: model) != SampleGrid.sheet(of: model, useAverage: false))
    }

    @Test("progress is a line every few seconds, or a bar on a terminal")
    func progress() {
        var lines = ""
        let plain = TrainingProgress(isTerminal: false) { lines += $0 }
        for step in 1...20 { plain.show(step: step, of: 20, seconds: 0.5, values: [("discriminator.loss", 0.25)]) }
        #expect(
            lines == """
                step 1/20 (5%): 500 ms/step, 10 s left, discriminator.loss 0.25
                step 20/20 (100%): 500 ms/step, 0 s left, discriminator.loss 0.25

                """)
        var drawn = ""
        let bar = TrainingProgress(isTerminal: true) { drawn += $0 }
        bar.show(step: 10, of: 20, seconds: 90, values: [])
        bar.close()
        #expect(drawn == "\r████████████░░░░░░░░░░░░ 10/20 50% 9e+04 ms/step, 15 min 00 s left, \u{1b}[K\n")
    }

    @Test("what nobody can wait for is said to be long", arguments: [1.0, 2.5, 1e300, .infinity])
    func endlessProgress(seconds: Double) {
        var lines = ""
        let progress = TrainingProgress(isTerminal: false) { lines += $0 }
        progress.show(step: 1, of: .max, seconds: seconds, values: [])
        #expect(lines.contains(" ms/step, more than 10,000 h left"))
    }
}
