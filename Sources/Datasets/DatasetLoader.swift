import Formats
import Foundation

/// Opens a data set by what the user calls it: `glyphs`, or a folder in one of the layouts below.
///
/// | layout | training examples | test examples |
/// | --- | --- | --- |
/// | IDX (MNIST) | `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` | `t10k-…` or `test-…` |
/// | CIFAR-10 binary | `data_batch_*.bin` | `test_batch*.bin` |
/// | NumPy | `images.npy`, `labels.npy` | `test-images.npy`, `test-labels.npy` |
/// | PNG | a sub-folder for each class, or such sub-folders in `train` | those in `test` |
///
/// Files of the first three may be in gzip, with `.gz` after the name. One pair of IDX files whose names have no such
/// prefix serves both splits. The test examples of a folder that is opened for training are held out. A file `classes.txt`
/// in the folder, one name a line, names the classes.
public enum DatasetLoader {
    /// The name of the set that needs no file.
    public static let glyphs = "glyphs"

    /// The layouts, in the order in which they are tried.
    private static let layouts: [any FolderLayout.Type] = [
        IDXFolder.self, CIFARFolder.self, NPYFolder.self, PNGFolder.self,
    ]

    /// The data set `spec`, for a model that takes images of `imageShape` with labels `0 ..< classes`.
    ///
    /// - Parameter seed: of the examples of `glyphs`; other sets ignore it.
    /// - Throws: `FormatError` if there is no such folder, nothing in it is recognised, a file is damaged, images and
    ///   labels differ in number, there are none, the images are not of `imageShape`, or a label is not below `classes`.
    public static func open(
        _ spec: String, imageShape: PixelShape, classes: Int, split: DatasetSplit = .train, seed: UInt64 = 0
    ) throws -> any Dataset {
        if spec == glyphs {
            guard (1...GlyphDataset.digitCount).contains(classes) else {
                throw FormatError(
                    path: spec, "there are \(GlyphDataset.digitCount) digits, the model has \(classes) classes",
                    help: "use a folder of data of your own")
            }
            return GlyphDataset(imageShape: imageShape, classes: classes, seed: seed, split: split)
        }
        let folder = try DatasetFolder(spec)
        guard let layout = layouts.first(where: { $0.recognises(folder) }) else {
            throw FormatError(
                path: spec, "no data set is recognised in this folder",
                notes: layouts.map { "looked for \($0.description)" } + [folder.found],
                help: inner(folder).map { "name the folder in it: \($0)" }
                    ?? "name a folder of one of these, or `\(glyphs)`, which needs no file")
        }
        let request = DatasetRequest(imageShape: imageShape, classes: classes, split: split)
        let examples = try layout.load(folder, request)
        try check(examples, request)
        return StoredDataset(
            name: spec, imageShape: imageShape, classNames: try classNames(examples, folder, request),
            pixels: examples.pixels, labels: examples.labels,
            heldOut: split == .train ? try heldOut(layout, folder, request, beside: examples) : nil)
    }

    /// Examples that are held out of training, at most.
    static let heldOutLimit = 1024

    /// Test examples from all over the folder's, of classes that `training` has; nil if there are none.
    private static func heldOut(
        _ layout: any FolderLayout.Type, _ folder: DatasetFolder, _ request: DatasetRequest,
        beside training: LoadedExamples
    ) throws -> StoredExamples? {
        guard layout.hasTests(folder) else { return nil }
        do {
            let request = DatasetRequest(imageShape: request.imageShape, classes: request.classes, split: .test)
            let examples = try layout.load(folder, request)
            try check(examples, request)
            let (size, labels) = (examples.shape.sampleCount, labels(of: examples, in: training))
            let known = labels.indices.filter { labels[$0] != nil }
            let rows = StoredDataset.evenRows(heldOutLimit, of: known.count).map { known[$0] }
            return StoredExamples(
                pixels: rows.flatMap { examples.pixels[$0 * size..<($0 + 1) * size] }, labels: rows.map { labels[$0]! })
        } catch var error as FormatError {
            error.notes.append("these are the test examples, which a run is told of beside those it learns from")
            error.help = (error.help.map { $0 + "; or " } ?? "") + "keep the test examples elsewhere: a run needs none"
            throw error
        }
    }

    /// The labels that the classes of `tests` have in `training`, by name: classes of folders are counted by those that are
    /// there, and the tests may lack some, or have others.
    private static func labels(of tests: LoadedExamples, in training: LoadedExamples) -> [Int32?] {
        guard let own = tests.classNames, let names = training.classNames else { return tests.labels }
        let labels = own.map { name in names.firstIndex(of: name).map(Int32.init) }
        return tests.labels.map { labels[Int($0)] }
    }

    /// The first sub-folder that is recognised: a common slip is to name the folder that holds several sets.
    private static func inner(_ folder: DatasetFolder) -> String? {
        folder.names.lazy.map { folder.path + "/" + $0 }.first { path in
            guard let sub = try? DatasetFolder(path) else { return false }
            return layouts.contains { $0.recognises(sub) }
        }
    }

    private static func check(_ examples: LoadedExamples, _ request: DatasetRequest) throws {
        guard examples.shape == request.imageShape else {
            throw shapeMismatch(examples.shape, request.imageShape, path: examples.imagePath)
        }
        let count = examples.pixels.count / examples.shape.sampleCount
        guard count == examples.labels.count else {
            throw FormatError(
                path: examples.labelPath, "there are \(examples.labels.count) labels for \(count) images",
                notes: ["the images are those of \(examples.imagePath)"],
                help: "use files that belong together")
        }
        guard count > 0 else { throw FormatError(path: examples.imagePath, "the set is empty: it holds no image") }
        if let row = examples.labels.firstIndex(where: { $0 < 0 || $0 >= request.classes }) {
            throw FormatError(
                path: examples.labelPath, offset: examples.firstLabelOffset.map { $0 + row },
                "example \(row) has the label \(examples.labels[row]), the model's \(request.classes) classes are "
                    + "0 ... \(request.classes - 1)",
                help: "use a model of at least \(Int(examples.labels.max()!) + 1) classes, labels counted from 0")
        }
    }

    /// The names in `classes.txt`, else those the layout knows, else the labels themselves.
    private static func classNames(
        _ examples: LoadedExamples, _ folder: DatasetFolder, _ request: DatasetRequest
    ) throws -> [String] {
        let highest = Int(examples.labels.max()!)
        if let path = folder.path(of: "classes.txt") {
            let text = String(decoding: try InputFile.read(path, limit: 1 << 20), as: UTF8.self)
            let names = text.split(whereSeparator: \.isNewline).map(String.init)
            guard highest < names.count, names.count <= request.classes else {
                throw FormatError(
                    path: path,
                    "\(names.count) names for labels 0 ... \(highest) and the model's \(request.classes) classes")
            }
            return names
        }
        if let names = examples.classNames, names.count > highest { return Array(names.prefix(request.classes)) }
        return (0..<request.classes).map(String.init)
    }

    /// The error for images that are not what the model takes; `path` is where they come from.
    static func shapeMismatch(_ found: PixelShape, _ expected: PixelShape, path: String) -> FormatError {
        let shipped: [(shape: PixelShape, model: String)] = [
            (PixelShape(height: 28, width: 28, channels: 1), "dcgan-wgan-gp"),
            (PixelShape(height: 32, width: 32, channels: 3), "dcgan32-wgan-gp"),
        ]
        let help =
            shipped.first { $0.shape == found }.map { "`\($0.model)` takes \(found)" }
            ?? "scale the images to \(expected.height)x\(expected.width), or write a model with "
            + "ImageShape(height: \(found.height), width: \(found.width), channels: \(found.channels))"
        return FormatError(path: path, "the images are \(found), the model takes \(expected)", help: help)
    }
}

/// What the model asks of a data set.
struct DatasetRequest {
    var imageShape: PixelShape
    var classes: Int
    var split: DatasetSplit
}

/// What a folder held, before it is compared with what the model asks.
struct LoadedExamples {
    var shape: PixelShape
    /// `[count, height, width, channels]`.
    var pixels: [UInt8]
    var labels: [Int32]
    var classNames: [String]?
    /// Where the images came from, for messages.
    var imagePath: String
    /// Where the labels came from, for messages.
    var labelPath: String
    /// The byte of the first label in a file that has one byte a label.
    var firstLabelOffset: Int?
}

/// A way of keeping a data set in a folder.
protocol FolderLayout: Sendable {
    /// The files it is recognised by.
    static var description: String { get }
    /// Whether the folder's names look like this layout; its content is not read.
    static func recognises(_ folder: DatasetFolder) -> Bool
    /// Whether the folder has test examples of its own, or a part of them.
    static func hasTests(_ folder: DatasetFolder) -> Bool
    /// The examples of one split.
    static func load(_ folder: DatasetFolder, _ request: DatasetRequest) throws -> LoadedExamples
}
