import Formats
import Foundation
import Native

/// All that a run remembers between two steps: parameters, statistics, the optimisers' moments, the moving average, and
/// the number of steps done. Random numbers and the order of examples follow from the seed and the step.
///
/// In the file (safetensors) a parameter or statistic goes by its name, the rest by `first_moment/NAME`,
/// `second_moment/NAME`, `average/NAME`; what the run is stands in the header's metadata.
public struct Checkpoint: Sendable {
    /// The version of the layout that this cganc writes and reads.
    static let formatVersion = "1"

    /// The run it belongs to.
    public var identity: RunIdentity
    /// Steps done.
    public var step: Int
    /// The step at which the run was to end.
    public var plannedSteps: Int
    /// The tensors by their names in the file.
    var tensors: [(name: String, entry: TensorEntry)]

    /// Puts the state into `model`: everything is checked before anything is changed.
    ///
    /// - Parameter forSampling: the optimisers' moments are neither needed nor touched.
    /// - Throws: ``TrainingError`` if a tensor is missing, or its shape or number type is not the model's.
    func restore(into model: NativeModel, path: String, forSampling: Bool = false) throws {
        let held = Dictionary(tensors.map { ($0.name, $0.entry) }, uniquingKeysWith: { first, _ in first })
        var moves: [(source: [UInt8], target: UnsafeMutableRawBufferPointer)] = []
        var problems: [String] = []
        for (index, tensor) in model.manifest.tensors.enumerated() {
            guard let name = tensor.nameInCheckpoint else { continue }
            if forSampling, tensor.kind == .firstMoment || tensor.kind == .secondMoment { continue }
            guard let entry = held[name] else {
                problems.append("\(name) is missing")
                continue
            }
            if entry.shape != tensor.shape {
                problems.append("\(name) is \(entry.shape), the model's is \(tensor.shape)")
            } else if entry.dtype != model.precision.dtype {
                problems.append(
                    "\(name) holds \(entry.dtype.rawValue), the model holds \(model.precision.dtype.rawValue)")
            } else {
                moves.append((entry.bytes, try model.bytes(ofTensor: index)))
            }
        }
        let known = Set(model.manifest.tensors.compactMap(\.nameInCheckpoint))
        problems += tensors.filter { !known.contains($0.name) }.map { "\($0.name) is not the model's" }
        guard problems.isEmpty else {
            let more = problems.count > 6 ? ["… and \(problems.count - 6) more"] : []
            throw TrainingError(
                "\(path) does not fit \(model.manifest.model)", notes: Array(problems.prefix(6)) + more,
                help: "give the model that wrote it: its run's program.json")
        }
        for move in moves { move.target.copyBytes(from: move.source) }
    }

    /// Puts parameters, statistics and the moving average into `model`, which need not be the run's own build.
    ///
    /// - Throws: ``TrainingError`` if the checkpoint is of another model.
    public func restoreForSampling(into model: NativeModel, path: String) throws {
        guard identity.model == model.manifest.model else {
            throw TrainingError(
                "\(path) is a checkpoint of \(identity.model), not of \(model.manifest.model)",
                help: "leave the model out to take the one that the run has saved")
        }
        try restore(into: model, path: path, forSampling: true)
    }
}

extension Checkpoint {
    /// Writes the state of `model` after `step` of `plannedSteps` steps to `path`, whole or not at all, straight from
    /// the model's memory.
    ///
    /// - Throws: `FormatError` if it cannot be written.
    static func write(
        _ model: NativeModel, identity: RunIdentity, step: Int, plannedSteps: Int, to path: String
    ) throws {
        var metadata = [
            "format": "cganc checkpoint", "format_version": formatVersion, "cganc": Version.current,
            "step": String(step), "planned_steps": String(plannedSteps), "model": identity.model,
            "seed": String(identity.seed),
            "precision": identity.precision.rawValue, "batch": String(identity.batch), "data": identity.data,
            "data_fingerprint": identity.dataFingerprint, "tensor_fingerprint": identity.tensorFingerprint,
            "step_fingerprint": identity.stepFingerprint, "tuning_fingerprint": identity.tuningFingerprint,
        ]
        metadata["examples"] = identity.examples.map(String.init)
        let kept = model.manifest.tensors.enumerated().compactMap { index, tensor in
            tensor.nameInCheckpoint.map { (index: index, row: ($0, model.precision.dtype, tensor.shape)) }
        }
        try SafetensorsFile.write(metadata: metadata, rows: kept.map(\.row), to: path) { row in
            UnsafeRawBufferPointer(try model.bytes(ofTensor: kept[row].index))
        }
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: `FormatError` if it is damaged or not a checkpoint of this version.
    public static func read(_ path: String) throws -> Checkpoint {
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile.read(path)
        } catch let error as FormatError {
            var error = error
            error.help = error.help ?? "the file is damaged: take the checkpoint before it, and remove this one"
            throw error
        }
        func value(_ key: String) throws -> String {
            guard let value = file.metadata[key] else {
                throw FormatError(
                    path: path, "not a checkpoint of cganc: its metadata has no '\(key)'",
                    help: "give a file from the checkpoints folder of a run")
            }
            return value
        }
        func parsed<Value>(_ key: String, _ parse: (String) -> Value?) throws -> Value {
            let text = try value(key)
            guard let result = parse(text) else {
                throw FormatError(path: path, "the metadata's '\(key)' is '\(text)'")
            }
            return result
        }
        let version = try value("format_version")
        guard version == formatVersion else {
            throw FormatError(
                path: path, "the checkpoint's layout has version \(version), this cganc reads \(formatVersion)",
                help: "use the cganc that wrote it, version \(file.metadata["cganc"] ?? "unknown")")
        }
        let identity = RunIdentity(
            model: try value("model"), seed: try parsed("seed") { UInt64($0) },
            precision: try parsed("precision") { Precision(rawValue: $0) },
            batch: try parsed("batch") { Int($0).flatMap { $0 > 0 ? $0 : nil } }, data: try value("data"),
            dataFingerprint: try value("data_fingerprint"), examples: file.metadata["examples"].flatMap { Int($0) },
            tensorFingerprint: try value("tensor_fingerprint"),
            stepFingerprint: try value("step_fingerprint"),
            // Checkpoints from before there was a choice have none.
            tuningFingerprint: file.metadata["tuning_fingerprint"] ?? "")
        func number(_ key: String) throws -> Int { try parsed(key) { Int($0).flatMap { $0 >= 0 ? $0 : nil } } }
        return Checkpoint(
            identity: identity, step: try number("step"), plannedSteps: try number("planned_steps"),
            tensors: file.tensors)
    }
}
