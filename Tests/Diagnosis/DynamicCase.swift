import CGAN
import Compiler
import Datasets
import Diagnosis
import Foundation
import ModelLoading
import Models
import Native
import Training

/// A model that is trained to see what is said of its run: a file of `DynamicCases`, whose first line says what that is,
/// `// expect: GZ203 within 400 steps`, `// expect: nothing` or `// expect: nothing within 1000 steps`, or a shipped model,
/// of which nothing is. The lines below say what is done to the data, where they are the cause: see ``DataChange``.
struct DynamicCase {
    /// The file's name without its ending, or the model's.
    let name: String
    /// What the loader finds it by.
    let model: String
    /// What the verdict is to be at some step; nil for a healthy run, of which nothing is to be found.
    let expected: String?
    /// How many steps it is trained for.
    let steps: Int
    /// What is done to the data before.
    let change: DataChange

    /// Steps of a healthy run, if its file does not say.
    static let steps = 400

    /// True of a case in which nothing is wrong: the healthy twin of the one it is named after, or a shipped model.
    var isHealthy: Bool { expected == nil }

    /// Every case, by name.
    static let all: [DynamicCase] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("DynamicCases")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            let path = folder.appendingPathComponent(name).path
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
            return DynamicCase(
                name: String(name.dropLast(6)), model: path,
                head: text.split(separator: "\n").prefix { $0.hasPrefix("//") })
        }
    }()

    /// The models that come with cganc.
    static let shipped = ShippedModel.all.map {
        DynamicCase(name: $0.name, model: $0.name, expected: nil, steps: steps, change: DataChange())
    }

    /// Nil if the first of the comments at the file's beginning is no expectation.
    private init?(name: String, model: String, head: some Collection<Substring>) {
        let words = (head.first ?? "").split(separator: " ")
        guard words.count >= 3, words[0] == "//", words[1] == "expect:" else { return nil }
        let change = DataChange(head)
        let expected = words[2] == "nothing" ? nil : String(words[2])
        if expected == nil, words.count == 3 {
            self.init(name: name, model: model, expected: nil, steps: Self.steps, change: change)
        } else {
            guard words.count == 6, words[3] == "within", words[5] == "steps", let steps = Int(words[4]) else {
                return nil
            }
            self.init(name: name, model: model, expected: expected, steps: steps, change: change)
        }
    }

    private init(name: String, model: String, expected: String?, steps: Int, change: DataChange) {
        (self.name, self.model, self.expected, self.steps) = (name, model, expected, steps)
        self.change = change
    }
}

/// What is done to a data set, as comments at the beginning of a case say it.
struct DataChange: Hashable {
    /// `// examples: 64`: only so many, the first ones; all of them where it is nil.
    var examples: Int?
    /// `// pixels: divided by 255`: by so much, rounded to bytes.
    var divisor = 1.0

    init() {}

    init(_ head: some Collection<Substring>) {
        for line in head {
            if line.hasPrefix("// examples: ") { examples = Int(line.dropFirst("// examples: ".count)) }
            if line.hasPrefix("// pixels: divided by ") {
                divisor = Double(line.dropFirst("// pixels: divided by ".count)) ?? divisor
            }
        }
    }

    /// `dataset`, changed; it has to lie in memory.
    func applied(to dataset: any Dataset) -> any Dataset {
        guard self != DataChange(), let stored = dataset.stored else { return dataset }
        let count = min(examples ?? stored.labels.count, stored.labels.count)
        return StoredDataset(
            name: dataset.name, imageShape: dataset.imageShape, classNames: dataset.classNames,
            pixels: stored.pixels.prefix(count * dataset.imageShape.sampleCount).map {
                UInt8((Double($0) / divisor).rounded())
            },
            labels: Array(stored.labels.prefix(count)), heldOut: dataset.heldOut)
    }
}

/// What was said of one run.
struct DynamicOutcome {
    var name: String
    var data: String
    var seed: UInt64
    var expected: String?
    /// What the run's lines said of faults, in order: each was the present verdict from a line on.
    var said: [Verdict]
    /// Every fault that was ever found, though it may have passed, or another may have been the cause.
    var history: [Verdict]

    /// True if what was to be said was said, and of a healthy run nothing at any time.
    var isRight: Bool { expected == nil ? history.isEmpty : naming != nil }

    /// The verdict that was to be, where it was said.
    var naming: Verdict? { said.first { $0.code?.rawValue == expected } }

    /// The codes that were found, in the order in which they began.
    var codes: [String] {
        history.compactMap { verdict in
            verdict.code.map { "\($0.rawValue) from \(verdict.since)" + (verdict.until.map { " to \($0)" } ?? "") }
        }
    }
}

/// A case built to be trained.
struct TrainableCase {
    let model: DynamicCase
    private let compilation: Compilation
    private let library: String

    init(_ model: DynamicCase) async throws {
        self.model = model
        compilation = try Compilation(try await ModelLoader.load(model.model))
        library = try await BuildCache().library(of: try compilation.emit(), precision: .float)
    }

    /// True if the model takes images like those of a data set `28 × 28 × 1`.
    var takesDigits: Bool {
        let image = compilation.program.image
        return (image.height, image.width, image.channels) == (28, 28, 1)
    }

    /// What is said of a run on `data`, `glyphs` or a folder, with one thread.
    func outcome(data: String, seed: UInt64) async throws -> DynamicOutcome {
        let program = compilation.program
        let dataset = model.change.applied(to: try await CaseData.shared.examples(of: data, for: program))
        let path = NSTemporaryDirectory() + "cganc-case-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let native = try NativeModel(library: library, seed: seed, threads: 1)
        let identity = RunIdentity(
            compilation, manifest: native.manifest, seed: seed, precision: .float, dataset: dataset, data: data)
        let folder = RunFolder(path)
        let session = try TrainingSession(
            beginning: program, identity: identity, model: native, dataset: dataset, folder: folder,
            steps: model.steps)
        let never = Int.max
        do {
            _ = try session.run(
                TrainingOptions(
                    steps: model.steps, sampleEvery: never, checkpointEvery: never,
                    telemetryInterval: program.telemetryInterval ?? TrainingOptions.telemetryInterval),
                progress: TrainingProgress(isTerminal: false) { _ in })
        } catch is TrainingError {
            // A value that is not finite ends the run; the last line of its metrics says so.
        }
        // Glyphs are as good as endless, although the same ones are drawn again.
        let isEndless = data == DatasetLoader.glyphs && model.change.examples == nil
        var observer = RunObserver(
            RunFacts(program, examples: isEndless ? nil : dataset.stored?.labels.count))
        let said = try folder.metrics().compactMap { observer.observe($0) }
        return DynamicOutcome(
            name: model.name, data: URL(fileURLWithPath: data).lastPathComponent, seed: seed, expected: model.expected,
            said: said.filter { !$0.isHealthy }, history: observer.history)
    }
}

/// The data that cases are trained on, each opened once.
actor CaseData {
    static let shared = CaseData()
    private var opened: [String: any Dataset] = [:]

    /// `glyphs`, drawn beforehand since a test's own drawing is slow, or a folder.
    func examples(of data: String, for program: Program) throws -> any Dataset {
        let shape = PixelShape(
            height: program.image.height, width: program.image.width, channels: program.image.channels)
        let key = "\(data) \(shape) \(program.classes)"
        if let dataset = opened[key] { return dataset }
        var dataset = try DatasetLoader.open(data, imageShape: shape, classes: program.classes)
        if data == DatasetLoader.glyphs {
            let learnt = dataset.batch(rows: 0..<2048)
            let tests = try DatasetLoader.open(data, imageShape: shape, classes: program.classes, split: .test)
            let heldOut = tests.batch(rows: 0..<256)
            dataset = StoredDataset(
                name: data, imageShape: shape, classNames: dataset.classNames, pixels: learnt.pixels,
                labels: learnt.labels, heldOut: StoredExamples(pixels: heldOut.pixels, labels: heldOut.labels))
        }
        opened[key] = dataset
        return dataset
    }
}
