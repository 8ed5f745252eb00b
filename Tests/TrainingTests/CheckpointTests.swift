import Formats
import Foundation
import Native
import Testing

@testable import Training

@Suite("Checkpoints")
struct CheckpointTests {
    /// A model after one step, and its checkpoint's path in `folder`.
    private func trained(_ built: BuiltModel, in folder: String) throws -> (model: NativeModel, path: String) {
        let model = try built.model()
        let source = try ExampleSource(BuiltModel.glyphs, model: model)
        _ = try model.step(0, batch: try source.batch(step: 0))
        let path = "\(folder)/a.safetensors"
        try Checkpoint.write(model, identity: built.identity(), step: 1, plannedSteps: 9, to: path)
        return (model, path)
    }

    private func bytes(_ model: NativeModel) throws -> [[UInt8]] {
        try model.manifest.tensors.indices.map { Array(try model.bytes(ofTensor: $0)) }
    }

    @Test("a checkpoint read back puts every kept tensor in place")
    func roundTrip() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            let (model, path) = try trained(built, in: folder)
            let read = try Checkpoint.read(path)
            #expect(try read.identity == built.identity() && read.step == 1 && read.plannedSteps == 9)
            let fresh = try built.model(seed: 99)
            try read.restore(into: fresh, path: "a")
            for (index, tensor) in model.manifest.tensors.enumerated() where tensor.kind != .gradient {
                #expect(Array(try fresh.bytes(ofTensor: index)) == Array(try model.bytes(ofTensor: index)), "\(tensor)")
            }
        }
    }

    @Test("a truncated checkpoint is refused with its path")
    func truncated() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            let path = try trained(built, in: folder).path
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            for length in [0, 7, 100, whole.count / 2, whole.count - 1] {
                try whole.prefix(length).write(to: URL(fileURLWithPath: path))
                let error = #expect(throws: FormatError.self) { try Checkpoint.read(path) }
                #expect(error?.path == path)
            }
        }
    }

    @Test("a checkpoint with a tensor missing, misshapen, of another type, or too many changes nothing")
    func misfits() async throws {
        let built = try await BuiltModel.tiny.value
        let checkpoint = try await withTemporaryFolder { try Checkpoint.read(try trained(built, in: $0).path) }
        let model = try built.model(seed: 99)
        let before = try bytes(model)
        var missing = checkpoint
        missing.tensors.removeLast()
        var misshapen = checkpoint
        misshapen.tensors[0].entry = TensorEntry([1, 2, 3] as [Float])
        var doubles = checkpoint
        doubles.tensors[1].entry = TensorEntry(doubles.tensors[1].entry.doubles, shape: doubles.tensors[1].entry.shape)
        var extra = checkpoint
        extra.tensors.append(("generator.dense9.weight", TensorEntry([1] as [Float])))
        for (spoiled, words) in [
            (missing, "is missing"), (misshapen, "is [3], the model's is"), (doubles, "holds float64"),
            (extra, "generator.dense9.weight is not the model's"),
        ] {
            let error = #expect(throws: TrainingError.self) { try spoiled.restore(into: model, path: "a.safetensors") }
            #expect(error?.notes.first?.contains(words) == true, "\(String(describing: error))")
            #expect(try bytes(model) == before)
        }
    }

    @Test("a safetensors file of another program is told apart from a checkpoint")
    func foreignFile() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/other.safetensors"
            try SafetensorsFile(tensors: [("a", TensorEntry([1] as [Float]))]).write(to: path)
            let error = #expect(throws: FormatError.self) { try Checkpoint.read(path) }
            #expect(error?.message.contains("not a checkpoint of cganc") == true)
        }
    }

    @Test("metadata that are no numbers, or negative, are refused", arguments: ["step", "batch", "seed", "precision"])
    func spoiledMetadata(key: String) async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            let path = try trained(built, in: folder).path
            var file = try SafetensorsFile.read(path)
            file.metadata[key] = "-3"
            try file.write(to: path)
            let error = #expect(throws: FormatError.self) { try Checkpoint.read(path) }
            #expect(error?.message == "the metadata's '\(key)' is '-3'")
        }
    }
}
