import CGAN
import Compiler
import Datasets
import Foundation
import Lowering
import Native

@testable import Training

/// Small enough to build in a moment and to step in less.
struct Tiny: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(12)
        BatchNorm()
        ReLU()
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }
    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Flatten()
        Dense(8)
        LeakyReLU(0.2)
        Dense(1)
    }
    var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }
    var training: Training {
        Training(batch: 8)
            .discriminator(.adam(1e-3, beta1: 0.5, beta2: 0.9), updatesPerStep: 2)
            .generator(.adam(1e-3, beta1: 0.5, beta2: 0.9))
            .average(.generator, decay: 0.9)
    }
}

/// The same networks with wider layers.
struct Wider: ConditionalGAN {
    let name = "tiny"
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }
    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Flatten()
        Dense(9)
        LeakyReLU(0.2)
        Dense(1)
    }
    var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }
    var training: Training { Training(batch: 8) }
}

/// Layers wide enough for their weights to be updated beside the products that are their gradients.
struct WideLayers: ConditionalGAN {
    var hasPenalty = false
    let name = "wide-layers"
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(256)
        LeakyReLU(0.2)
        Dense(130)
        LeakyReLU(0.2)
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }
    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Flatten()
        Dense(256)
        LeakyReLU(0.2)
        Dense(256)
        LeakyReLU(0.2)
        Dense(1)
    }
    var objective: Objective { hasPenalty ? .wasserstein(penalty: .gradient(weight: 10)) : .nonSaturating() }
    var training: Training {
        Training(batch: 8).discriminator(.adam(1e-3, beta1: 0.5), updatesPerStep: 2).generator(.adam(1e-3))
    }
}

/// A model that leaves the finite numbers within a few steps.
struct Exploding: ConditionalGAN {
    var updates = 1
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(64)
        Reshape(8, 8, 1)
    }
    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Flatten()
        Dense(1)
    }
    var objective: Objective { .leastSquares() }
    var training: Training {
        Training(batch: 8).discriminator(.sgd(1e30), updatesPerStep: updates).generator(.sgd(1e30))
    }
}

/// A model that hardly moves.
struct Idle: ConditionalGAN {
    let name = "idle"
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var generator: Network { Tiny().generator }
    var discriminator: Network { Tiny().discriminator }
    var objective: Objective { .nonSaturating() }
    var training: Training { Training(batch: 8).discriminator(.adam(1e-9)).generator(.adam(1e-9)) }
}

/// A model that was compiled and built once for all tests.
struct BuiltModel: Sendable {
    let compilation: Compilation
    let library: String

    static let tiny = Task { try await BuiltModel(Tiny()) }
    static let tinyInDouble = Task { try await BuiltModel(Tiny(), precision: .double) }
    static let wideLayers = Task { try await BuiltModel(WideLayers()) }
    static let wideInDouble = Task { try await BuiltModel(WideLayers(hasPenalty: true), precision: .double) }
    static let wider = Task { try await BuiltModel(Wider()) }
    static let exploding = Task { try await BuiltModel(Exploding()) }

    init(_ model: some ConditionalGAN, precision: Precision = .float, tuning: Tuning? = nil) async throws {
        compilation = try Compilation(try Program(model)).tuned(by: tuning)
        library = try await BuildCache().library(of: try compilation.emit(), precision: precision)
    }

    var program: Program { compilation.program }

    func model(seed: UInt64 = 7, threads: Int = 2) throws -> NativeModel {
        try NativeModel(library: library, seed: seed, threads: threads)
    }

    func identity(seed: UInt64 = 7, _ dataset: any Dataset = BuiltModel.glyphs) throws -> RunIdentity {
        RunIdentity(
            compilation, manifest: try model().manifest, seed: seed, precision: .float, dataset: dataset,
            data: dataset.name)
    }

    /// A run that begins in `folder`.
    func session(
        _ folder: String, seed: UInt64 = 7, threads: Int = 2, _ dataset: any Dataset = BuiltModel.glyphs
    ) throws -> TrainingSession {
        try TrainingSession(
            beginning: program, identity: try identity(seed: seed, dataset),
            model: try model(seed: seed, threads: threads), dataset: dataset, folder: RunFolder(folder), steps: 6,
            tuning: compilation.lowered.tuning)
    }

    /// The run in `folder`, gone on with.
    func resumed(
        _ folder: String, seed: UInt64 = 7, _ dataset: any Dataset = BuiltModel.glyphs
    ) throws -> TrainingSession {
        try TrainingSession(
            resuming: RunFolder(folder), program: program, identity: try identity(seed: seed, dataset),
            model: try model(seed: seed),
            dataset: dataset)
    }

    static let glyphs = GlyphDataset(imageShape: PixelShape(height: 8, width: 8, channels: 1), classes: 3)

    /// A finite set of `count` different images.
    static func stored(_ count: Int, height: Int = 8, name: String = "stored") -> StoredDataset {
        StoredDataset(
            name: name, imageShape: PixelShape(height: height, width: 8, channels: 1), classNames: ["a", "b", "c"],
            pixels: (0..<count * height * 8).map { UInt8(truncatingIfNeeded: $0 * 37 % 251) },
            labels: (0..<count).map { Int32($0 % 3) })
    }
}

/// Progress that nobody sees.
func silent() -> TrainingProgress { TrainingProgress(isTerminal: false) { _ in } }

/// Calls `body` with the path of a folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("cganc-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// The state in the checkpoint of `step`, by name.
func state(_ folder: String, step: Int) throws -> [String: [UInt8]] {
    let checkpoint = try Checkpoint.read(RunFolder(folder).checkpointPath(step: step))
    return Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0.entry.bytes) })
}

/// The lines of the metrics without the seconds.
func metrics(_ folder: String) throws -> [String] {
    let text = try String(contentsOfFile: RunFolder(folder).metricsPath, encoding: .utf8)
    return text.split(separator: "\n").map { String($0.prefix(upTo: $0.firstRange(of: ", \"seconds\"")!.lowerBound)) }
}
