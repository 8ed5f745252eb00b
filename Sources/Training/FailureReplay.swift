import Compiler
import Datasets
import Diagnosis
import Native

/// Goes from a run's last checkpoint to the step that ended it once more, to trace a value that is not finite where that
/// was not done while training.
public struct FailureReplay {
    private let compilation: Compilation
    private let model: NativeModel
    private let examples: ExampleSource
    private let first: Int

    /// A replay of the run in `folder`.
    ///
    /// - Parameters:
    ///   - model: fresh, of the run's seed and number type.
    ///   - dataset: the run's own.
    /// - Throws: ``TrainingError`` if there is no checkpoint, or it is of another model.
    public init(_ folder: RunFolder, compilation: Compilation, model: NativeModel, dataset: any Dataset) throws {
        let path = try folder.latestCheckpoint()
        let checkpoint = try Checkpoint.read(path)
        try checkpoint.restore(into: model, path: path)
        (self.compilation, self.model, first) = (compilation, model, checkpoint.step)
        examples = try ExampleSource(dataset, model: model)
    }

    /// The verdict on the step that is not finite.
    ///
    /// - Parameter last: the step that ended the run, counted from 1.
    /// - Returns: nil if every step up to it is finite.
    /// - Throws: `NativeError` if a step fails otherwise.
    public func verdict(through last: Int) async throws -> Verdict? {
        for step in first..<max(first, last) {
            let batch = try examples.batch(step: step)
            do {
                _ = try model.step(step, batch: batch)
            } catch let error as NativeError {
                guard let failure = error.nonFinite else { throw error }
                return try await NonFiniteTrace(compilation: compilation, model: model)
                    .verdict(on: failure, batch: batch)
            }
        }
        return nil
    }
}
