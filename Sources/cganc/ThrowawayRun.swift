import CGAN
import Compiler
import Datasets
import Foundation
import Native
import Training

/// A run whose folder is of no interest, with all that a step of `cganc train` does.
struct ThrowawayRun {
    var compilation: Compilation
    var library: String
    var precision: Precision
    var threads: Int
    var telemetryInterval = TrainingOptions.telemetryInterval

    /// Runs steps on `dataset` until `goOn` says that there are enough; it is called after each, by the thread that ran
    /// it.
    func run(on dataset: any Dataset, goOn: (NativeModel) -> Bool) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("cganc-run-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let program = compilation.program
        let model = try NativeModel(library: library, seed: program.seed, threads: threads)
        let identity = RunIdentity(
            compilation, manifest: model.manifest, seed: program.seed, precision: precision, dataset: dataset,
            data: dataset.name)
        let never = Int.max
        let session = try TrainingSession(
            beginning: program, identity: identity, model: model, dataset: dataset, folder: RunFolder(path),
            steps: never)
        _ = try session.run(
            TrainingOptions(
                steps: never, sampleEvery: never, checkpointEvery: never, telemetryInterval: telemetryInterval),
            progress: TrainingProgress(isTerminal: false) { _ in }, goOn: { goOn(model) })
    }
}

extension Program {
    /// Noise of the model's shape in memory, from which the emitted C gathers its batches.
    var noise: StoredDataset {
        StoredDataset.noise(
            count: max(1024, 2 * batch * phases.reduce(0) { $0 + $1.runs }),
            imageShape: image.pixels,
            classes: classes, seed: seed)
    }
}
