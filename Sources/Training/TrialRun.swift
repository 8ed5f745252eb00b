import Datasets
import Foundation
import Native

/// Steps of training that leave nothing on the disk: to see how a model would go on, without touching the run that it
/// comes from. Every number is what `cganc train` would have computed.
public final class TrialRun {
    /// The model in its present state.
    public let model: NativeModel
    /// Steps done since the run's beginning.
    public private(set) var step: Int
    private let examples: ExampleSource
    private let telemetry: Telemetry
    private let names: [String]

    /// A run of `model` from its present state.
    ///
    /// - Parameters:
    ///   - step: steps done so far, which random numbers and the order of examples follow from.
    ///   - telemetryInterval: steps between two lines that tell of every parameter and layer.
    /// - Throws: ``TrainingError`` if the data do not fit the model.
    public init(_ model: NativeModel, on dataset: any Dataset, after step: Int, telemetryInterval: Int) throws {
        self.model = model
        self.step = step
        examples = try ExampleSource(dataset, model: model)
        telemetry = Telemetry(of: model, interval: telemetryInterval, heldOut: examples.heldOut)
        names = model.manifest.valueNames + telemetry.names
    }

    /// Does one step.
    ///
    /// - Returns: what its line of metrics would tell: losses, tracked values, telemetry.
    /// - Throws: `NativeError` if a value is no longer finite.
    public func advance() throws -> [(name: String, value: Double)] {
        let batch = try examples.batch(step: step)
        let values = try model.step(step, batch: batch)
        step += 1
        return zip(names, values + (try telemetry.values(step: step, batch: batch))).filter { $0.1.isFinite }
            .map { (name: $0, value: $1) }
    }
}
