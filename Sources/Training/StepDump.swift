import CGAN
import Compiler
import Datasets
import Emission
import Formats
import Graph
import Native

/// One full training step, taken apart: all that it starts from, every number it draws, and all it computes, so that
/// a stranger can check it with another framework.
public struct StepDump: Sendable {
    /// The model's name.
    public var model: String
    /// Examples in a batch.
    public var batch: Int
    /// The seed of parameters, random numbers and images.
    public var seed: UInt64
    /// The number type.
    public var precision: Precision
    /// How often each phase runs in a step; the dump shows the first run of each.
    public var runs: [(phase: String, runs: Int)]
    /// The tensors, phase after phase in the order of running.
    public var tensors: [Tensor]

    /// A tensor's part in the step.
    public enum Role: String, Codable, Sendable, CaseIterable {
        /// Every parameter and statistic of both networks as the phase begins.
        case parameter
        /// Images as the network sees them, labels, latents.
        case input
        /// The other numbers drawn inside the phase.
        case random
        /// The loss and each tracked value.
        case loss
        /// Of each parameter that the phase updates, before the optimiser.
        case gradient
        /// The updated network's parameters and statistics after the phase.
        case updated
    }

    /// A tensor of the step.
    public struct Tensor: Sendable {
        /// `discriminator` or `generator`.
        public var phase: String
        /// Its part in the step.
        public var role: Role
        /// Stable and dotted: `discriminator.conv1.weight`.
        public var name: String
        /// The meaning of the axes: `HWIO`, `NHWC`; empty where there is nothing to say.
        public var layout: String
        /// The numbers.
        public var entry: TensorEntry
    }

    /// The tensor called `name`, if there is one.
    public subscript(phase: String, role: Role, name: String) -> TensorEntry? {
        tensors.first { $0.phase == phase && $0.role == role && $0.name == name }?.entry
    }

    /// Takes step 0 of a freshly initialised model apart.
    ///
    /// - Parameters:
    ///   - compilation: the model at every level.
    ///   - library: its build, as `BuildCache` gives it.
    ///   - seed: of parameters and random numbers.
    ///   - dataset: real examples, from its first one on.
    /// - Throws: `NativeError` if the library does not run, ``TrainingError`` if the data do not fit.
    public init(
        _ compilation: Compilation, library: String, seed: UInt64, threads: Int = 1, dataset: any Dataset
    ) throws {
        let model = try NativeModel(library: library, seed: seed, threads: threads)
        let program = compilation.program
        self.model = program.name
        batch = program.batch
        self.seed = seed
        precision = model.precision
        runs = program.phases.map { ($0.name, $0.runs) }
        tensors = []
        let recorder = StepRecorder(model: model, compilation: compilation)
        var firstRun = 0
        for index in program.phases.indices {
            let examples = try RealExamples(dataset, model: model, first: firstRun * program.batch)
            tensors += try recorder.record(phase: index, examples)
            firstRun += program.phases[index].runs
        }
    }
}

/// The examples of one phase run, scaled as the network sees them.
struct RealExamples {
    let images: TensorEntry
    let labels: [Int32]

    /// The `batch` examples of `dataset` from number `first` on; a finite set begins again at its end.
    init(_ dataset: any Dataset, model: NativeModel, first: Int) throws {
        try ExampleSource.check(dataset, fits: model)
        var pixels: [UInt8] = []
        var labels: [Int32] = []
        for number in first..<first + model.manifest.batch {
            let row = dataset.count.map { number % $0 } ?? number
            let example = dataset.batch(rows: row..<row + 1)
            pixels += example.pixels
            labels += example.labels
        }
        self.labels = labels
        let shape = [model.manifest.batch] + model.manifest.image
        images =
            switch model.precision {
            case .float: TensorEntry(pixels.map { Float($0) / 127.5 - 1 }, shape: shape)
            case .double: TensorEntry(pixels.map { Double($0) / 127.5 - 1 }, shape: shape)
            }
    }

    /// Calls `body` with the examples as a batch.
    func withBatch<Result>(_ body: (ExampleBatch) throws -> Result) rethrows -> Result {
        try images.bytes.withUnsafeBytes { images in
            try labels.withUnsafeBufferPointer { labels in
                try body(
                    ExampleBatch(
                        images: .reals(images.baseAddress!), labels: labels.baseAddress!, count: labels.count))
            }
        }
    }
}
