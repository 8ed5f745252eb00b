import CGAN
import Diagnosis
import Formats
import Foundation
import Lowering

/// What a run leaves: the program, a line of metrics for each step, sample sheets, checkpoints.
///
///     program.json                            the model, so that the folder is enough to sample and to go on
///     model.swift                             the file that describes it, where there is one, to be mended
///     tuning.txt                              the methods of its contractions, where they are not the portable ones
///     metrics.jsonl                           one object for each step
///     samples/step-000500.png                 one row for each class
///     checkpoints/step-000500.safetensors     the last few, and those before trouble began
///     mends.json                              what became of the mends that were tried
public struct RunFolder: Sendable {
    /// The folder's path as the user gave it.
    public let path: String

    /// How many checkpoints are kept.
    static let keptCheckpoints = 3

    /// The run at `path`, which need not exist yet.
    public init(_ path: String) { self.path = path }

    /// The saved program.
    public var programPath: String { "\(path)/program.json" }
    /// The model's source as it was when the run began.
    public var modelPath: String { "\(path)/model.swift" }
    /// What became of the mends that were tried.
    public var mendsPath: String { "\(path)/mends.json" }
    /// The tuning, if the run has one.
    public var tuningPath: String { "\(path)/tuning.txt" }
    /// The metrics.
    public var metricsPath: String { "\(path)/metrics.jsonl" }

    /// The sample sheet after `step` steps.
    public func samplePath(step: Int) -> String { "\(path)/samples/\(Self.stem(step)).png" }

    /// The checkpoint after `step` steps.
    public func checkpointPath(step: Int) -> String { "\(path)/checkpoints/\(Self.stem(step)).safetensors" }

    private static func stem(_ step: Int) -> String {
        let digits = String(step)
        return "step-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    /// True if a run has begun here.
    public var holdsRun: Bool {
        [programPath, metricsPath].contains { FileManager.default.fileExists(atPath: $0) }
            || !checkpointSteps.isEmpty
    }

    /// The steps of which there are checkpoints, ascending.
    public var checkpointSteps: [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/checkpoints")) ?? []
        return names.compactMap { name in
            guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
            return Int(name.dropFirst(5).dropLast(12))
        }.sorted()
    }

    /// The path of the last checkpoint.
    ///
    /// - Throws: ``TrainingError`` if there is none.
    public func latestCheckpoint() throws -> String {
        if let step = checkpointSteps.last { return checkpointPath(step: step) }
        guard FileManager.default.fileExists(atPath: path) else {
            throw TrainingError(
                "\(path) does not exist", help: "train first: cganc train MODEL --out \(path)")
        }
        throw TrainingError(
            "\(path) holds no checkpoint", help: "train first: cganc train MODEL --out \(path)")
    }

    /// Throws ``TrainingError`` if a run has begun here already.
    public func checkIsFree() throws {
        guard !holdsRun else {
            let last = checkpointSteps.last.map { ["its last checkpoint is of step \($0)"] } ?? []
            throw TrainingError(
                "\(path) already holds a run", notes: last,
                help: "go on with it by --resume, or choose another folder with --out")
        }
    }

    /// The lines of the metrics that the run has written.
    ///
    /// - Throws: ``TrainingError`` if there are none, or a line in between is not one of metrics.
    public func metrics() throws -> [MetricsLine] {
        guard FileManager.default.fileExists(atPath: metricsPath) else {
            let exists = FileManager.default.fileExists(atPath: path)
            throw TrainingError(
                exists ? "\(path) holds no metrics" : "\(path) does not exist",
                help: "train first: cganc train MODEL --out \(path)")
        }
        let (lines, torn) = MetricsLine.all(in: try InputFile.read(metricsPath))
        if let torn {
            throw TrainingError(
                "\(metricsPath): line \(torn) is not a line of metrics",
                notes: ["the lines before it end with step \(lines.last?.step ?? 0)"],
                help: "cut the file before that line, or train into another folder")
        }
        return lines
    }

    /// What watching the run's metrics comes to.
    ///
    /// - Parameters:
    ///   - program: the model that is trained, as it was traced.
    ///   - examples: how many the data set has; nil if it is endless or not known.
    /// - Throws: ``TrainingError`` as ``metrics()`` does.
    public func observer(of program: Program, examples: Int?) throws -> RunObserver {
        var observer = RunObserver(RunFacts(program, examples: examples))
        for line in try metrics() { observer.observe(line) }
        return observer
    }

    /// The text of ``modelPath``; nil if the run was begun without a source.
    ///
    /// - Throws: `FormatError` if it cannot be read.
    public func modelSource() throws -> String? {
        guard FileManager.default.fileExists(atPath: modelPath) else { return nil }
        return String(decoding: try InputFile.read(modelPath), as: UTF8.self)
    }

    /// The tuning that the run was begun with; nil if it was begun without.
    ///
    /// - Throws: `FormatError` if the file is damaged.
    public func tuning() throws -> Tuning? {
        FileManager.default.fileExists(atPath: tuningPath) ? try TuningFile.read(tuningPath) : nil
    }

    /// Makes the folders and saves `program` and `tuning`.
    ///
    /// - Parameter source: the text of the file that describes the model, if there is one.
    /// - Throws: ``TrainingError`` if a run has begun here already, `FormatError` if nothing can be written.
    func begin(_ program: Program, source: String? = nil, tuning: Tuning? = nil) throws {
        try checkIsFree()
        for folder in [path, "\(path)/samples", "\(path)/checkpoints"] { try Folders.make(folder) }
        try AtomicFile.write(try program.json(), to: programPath)
        if let source { try AtomicFile.write(source, to: modelPath) }
        if let tuning { try TuningFile.write(tuning, to: tuningPath) }
    }

    /// Takes back what ``begin(_:source:tuning:)`` and a first checkpoint have left, after one of them failed.
    func abandon() {
        for file in [programPath, modelPath, tuningPath, metricsPath, checkpointPath(step: 0)] { unlink(file) }
        for folder in ["\(path)/samples", "\(path)/checkpoints", path] { rmdir(folder) }
    }

    /// The checkpoints older than the last few, which an earlier process has kept on purpose.
    var oldCheckpoints: [Int] { checkpointSteps.dropLast(Self.keptCheckpoints) }

    /// Removes all checkpoints but the last few and those of the steps `kept`.
    func pruneCheckpoints(but kept: [Int] = []) {
        for step in oldCheckpoints where !kept.contains(step) {
            try? FileManager.default.removeItem(atPath: checkpointPath(step: step))
        }
    }
}
