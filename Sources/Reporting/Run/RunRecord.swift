import CGAN
import Diagnosis
import Training

/// A run as its folder tells of it: the metrics, and what they come to.
public struct RunRecord: Sendable {
    /// The folder.
    public let folder: RunFolder
    /// The model as it was traced.
    public let program: Program
    /// The metrics, step by step.
    public let lines: [MetricsLine]
    /// What is happening at the last step.
    public let verdict: Verdict
    /// Every fault that has begun, in order.
    public let history: [Verdict]

    /// The run in `folder`, whose model is `program`.
    ///
    /// - Parameters:
    ///   - examples: how many examples the data set has, where that is known.
    ///   - observer: what has watched the run already; by default its metrics are read again.
    /// - Throws: `TrainingError` or `FormatError` if there are no metrics, or they are damaged.
    public init(
        _ folder: RunFolder, program: Program, examples: Int? = nil, observer: RunObserver? = nil
    ) throws {
        self.folder = folder
        self.program = program
        lines = try folder.metrics()
        let observer = try observer ?? folder.observer(of: program, examples: examples)
        verdict = observer.verdict
        history = observer.history
    }

    /// The last step that was done; 0 if none was.
    public var step: Int { lines.last?.step ?? 0 }

    /// The values called `name`, where there are any.
    public func values(_ name: String) -> [(step: Int, value: Double)] {
        lines.compactMap { line in line.values[name].map { (step: line.step, value: $0) } }
    }

    /// The names of all values that begin with `prefix`, sorted.
    func names(beginningWith prefix: String) -> [String] {
        Set(lines.flatMap { $0.values.keys.filter { $0.hasPrefix(prefix) } }).sorted()
    }
}
