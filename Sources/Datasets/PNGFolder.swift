import Formats
import Foundation

/// A sub-folder of PNG files for each class, the classes in the order of their names (by value if all are numbers).
///
/// Grey is repeated for a model of three channels; colour becomes its luma (BT.601) for a model of one. Transparent
/// pixels are laid over white.
enum PNGFolder: FolderLayout {
    static let description = "a sub-folder of .png files for each class"
    /// The most bytes of pixels that are loaded.
    private static let limit = 1 << 32

    static func recognises(_ folder: DatasetFolder) -> Bool {
        subfolders(of: folder).contains { sub in
            !images(in: sub).isEmpty || subfolders(of: sub).contains { !images(in: $0).isEmpty }
        }
    }

    static func hasTests(_ folder: DatasetFolder) -> Bool { splitSubfolder(folder, .test) != nil }

    static func load(_ folder: DatasetFolder, _ request: DatasetRequest) throws -> LoadedExamples {
        let root = try splitFolder(folder, request.split)
        let classes = subfolders(of: root).filter { !images(in: $0).isEmpty }.sorted(by: precedes)
        guard !classes.isEmpty else { throw root.missing(description, split: request.split) }
        guard classes.count <= request.classes else {
            throw FormatError(
                path: root.path, "\(classes.count) sub-folders of images, the model has \(request.classes) classes",
                notes: [root.found], help: "use a model of \(classes.count) classes")
        }
        var pixels: [UInt8] = []
        var labels: [Int32] = []
        for (label, sub) in classes.enumerated() {
            for name in images(in: sub) {
                let path = sub.path + "/" + name
                let image = try PNG.read(path)
                pixels += try fitted(image, to: request.imageShape, path: path)
                labels.append(Int32(label))
                guard pixels.count <= limit else {
                    throw FormatError(path: root.path, "the images hold more than the limit of \(limit) bytes")
                }
            }
        }
        return LoadedExamples(
            shape: request.imageShape, pixels: pixels, labels: labels,
            classNames: classes.map { ($0.path as NSString).lastPathComponent }, imagePath: root.path,
            labelPath: root.path)
    }

    /// The pixels with the channels that the model takes.
    private static func fitted(_ image: PNGImage, to shape: PixelShape, path: String) throws -> [UInt8] {
        let colours = image.channels < 3 ? 1 : 3
        let pixels = image.channels % 2 == 0 ? overWhite(image) : image.pixels
        guard image.height == shape.height, image.width == shape.width, [1, 3].contains(shape.channels) else {
            let found = PixelShape(height: image.height, width: image.width, channels: colours)
            throw DatasetLoader.shapeMismatch(found, shape, path: path)
        }
        if colours == shape.channels { return pixels }
        if colours == 1 { return pixels.flatMap { [$0, $0, $0] } }
        return stride(from: 0, to: pixels.count, by: 3).map { at -> UInt8 in
            let (red, green, blue) = (Int(pixels[at]), Int(pixels[at + 1]), Int(pixels[at + 2]))
            return UInt8((299 * red + 587 * green + 114 * blue + 500) / 1000)
        }
    }

    /// The image without its alpha channel.
    private static func overWhite(_ image: PNGImage) -> [UInt8] {
        let colours = image.channels - 1
        var result: [UInt8] = []
        result.reserveCapacity(image.width * image.height * colours)
        for start in stride(from: 0, to: image.pixels.count, by: image.channels) {
            let alpha = Int(image.pixels[start + colours])
            for channel in 0..<colours {
                let ink = Int(image.pixels[start + channel]) * alpha
                result.append(UInt8((ink + 255 * (255 - alpha) + 127) / 255))
            }
        }
        return result
    }

    /// `train` or `test` in the folder if there are such sub-folders of classes; else the folder, for training.
    private static func splitFolder(_ folder: DatasetFolder, _ split: DatasetSplit) throws -> DatasetFolder {
        if let part = splitSubfolder(folder, split) { return part }
        guard split == .train else { throw folder.missing("\(split.rawValue)/*/*.png", split: split) }
        return folder
    }

    private static func splitSubfolder(_ folder: DatasetFolder, _ split: DatasetSplit) -> DatasetFolder? {
        subfolders(of: folder).first { sub in
            sub.path == folder.path + "/" + split.rawValue && !subfolders(of: sub).isEmpty
        }
    }

    private static func subfolders(of folder: DatasetFolder) -> [DatasetFolder] {
        folder.names.compactMap { name in
            var isFolder: ObjCBool = false
            let path = folder.path + "/" + name
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
                return nil
            }
            return try? DatasetFolder(path)
        }
    }

    private static func images(in folder: DatasetFolder) -> [String] {
        folder.names.filter { $0.lowercased().hasSuffix(".png") }
    }

    private static func precedes(_ first: DatasetFolder, _ second: DatasetFolder) -> Bool {
        let names = [first, second].map { ($0.path as NSString).lastPathComponent }
        if let a = Int(names[0]), let b = Int(names[1]), a != b { return a < b }
        return Array(names[0].utf8).lexicographicallyPrecedes(names[1].utf8)
    }
}
