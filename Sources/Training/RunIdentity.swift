import CGAN
import Compiler
import Datasets
import Emission
import Lowering
import Native

/// What a checkpoint belongs to: a run resumes bit for bit only where all of this is the same.
public struct RunIdentity: Equatable, Sendable {
    /// The model's name.
    public var model: String
    /// The seed of every random number.
    public var seed: UInt64
    /// The number type.
    public var precision: Precision
    /// Examples in a batch.
    public var batch: Int
    /// The data set as the user named it.
    public var data: String
    /// A hash of the data set's contents; of its name if it is endless.
    public var dataFingerprint: String
    /// How many examples the data set has; nil if it is endless.
    public var examples: Int?
    /// A hash of the kept tensors' names, kinds and shapes.
    public var tensorFingerprint: String
    /// A hash of what a training step computes.
    public var stepFingerprint: String
    /// A hash of the methods of its contractions; empty if all of them are the portable ones.
    public var tuningFingerprint: String

    /// The identity of training `compilation` on `dataset`.
    public init(
        _ compilation: Compilation, manifest: Manifest, seed: UInt64, precision: Precision, dataset: any Dataset,
        data: String
    ) {
        model = compilation.program.name
        self.seed = seed
        self.precision = precision
        batch = compilation.program.batch
        self.data = data
        dataFingerprint = Self.dataFingerprint(of: dataset)
        examples = dataset.stored?.labels.count
        tensorFingerprint = Self.fingerprint(of: manifest)
        stepFingerprint = Self.stepFingerprint(of: compilation.program)
        tuningFingerprint = Self.fingerprint(of: compilation.lowered.departures)
    }

    init(
        model: String, seed: UInt64, precision: Precision, batch: Int, data: String, dataFingerprint: String,
        examples: Int? = nil, tensorFingerprint: String, stepFingerprint: String, tuningFingerprint: String
    ) {
        self.model = model
        self.seed = seed
        self.precision = precision
        self.batch = batch
        self.data = data
        self.dataFingerprint = dataFingerprint
        self.examples = examples
        self.tensorFingerprint = tensorFingerprint
        self.stepFingerprint = stepFingerprint
        self.tuningFingerprint = tuningFingerprint
    }

    /// A hash of what a run keeps of `manifest`: gradients are not kept.
    static func fingerprint(of manifest: Manifest) -> String {
        var hash = Fingerprint()
        for tensor in manifest.tensors where tensor.kind != .gradient {
            hash.add("\(tensor.kind.rawValue) \(tensor.name) \(tensor.shape) \(tensor.layout)")
        }
        return hash.text
    }

    /// A hash of the traced graphs and the update rules; the places in the user's file do not count.
    public static func stepFingerprint(of program: Program) -> String {
        var hash = Fingerprint()
        for line in program.graphText.split(separator: "\n") {
            hash.add(line.firstRange(of: " // ").map { String(line[..<$0.lowerBound]) } ?? String(line))
        }
        for phase in program.phases { hash.add("\(phase.name) \(phase.runs) \(phase.optimizer)") }
        if let average = program.average { hash.add("\(average.network) \(average.decay)") }
        return hash.text
    }

    /// A hash of the methods that are not the portable ones: others round otherwise.
    private static func fingerprint(of departures: [Tuning.Row]) -> String {
        guard !departures.isEmpty else { return "" }
        var hash = Fingerprint()
        for row in departures { hash.add("\(row.contraction) \(row.method.rawValue)") }
        return hash.text
    }

    /// A hash of what `dataset` holds; of its name if it is endless.
    public static func dataFingerprint(of dataset: any Dataset) -> String {
        var hash = Fingerprint()
        hash.add("\(dataset.imageShape) \(dataset.classes)")
        if let stored = dataset.stored {
            stored.labels.withUnsafeBytes { hash.add($0) }
            stored.pixels.withUnsafeBytes { hash.add($0) }
        } else {
            hash.add(dataset.name)
        }
        return hash.text
    }
}

extension RunIdentity {
    /// What `other` has that differs, one line each: `seed 7, not 3`.
    public func differences(from other: RunIdentity) -> [String] {
        var lines: [String] = []
        func compare<Value: Equatable>(_ what: String, _ own: Value, _ theirs: Value) {
            if own != theirs { lines.append("\(what) \(theirs), not \(own)") }
        }
        compare("model", model, other.model)
        compare("seed", seed, other.seed)
        compare("precision", precision, other.precision)
        compare("batch", batch, other.batch)
        if dataFingerprint != other.dataFingerprint {
            lines.append(
                data == other.data ? "data \(data), whose contents have changed" : "data \(other.data), not \(data)")
        }
        if tensorFingerprint != other.tensorFingerprint {
            lines.append("parameters of other names or shapes")
        } else if lines.isEmpty, stepFingerprint != other.stepFingerprint {
            lines.append("the same parameters, trained by another objective or optimiser")
        }
        if lines.isEmpty, tuningFingerprint != other.tuningFingerprint {
            let (own, theirs) = (tuningFingerprint, other.tuningFingerprint)
            lines.append(
                theirs.isEmpty
                    ? "no tuning, and other methods round otherwise"
                    : "a tuning of its contractions, " + (own.isEmpty ? "which is missing" : "not this one"))
        }
        return lines
    }
}
