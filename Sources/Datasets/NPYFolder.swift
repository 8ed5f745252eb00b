import Formats

/// Images and labels as NumPy arrays.
///
/// `images.npy` is `[count, height, width, channels]` or `[count, height, width]`. Bytes are taken as they are.
/// Floating-point values must lie in 0 ... 1, or in -1 ... 1 if any is negative; they become the nearest of 256 levels.
/// `labels.npy` holds `[count]` whole numbers.
enum NPYFolder: FolderLayout {
    static let description = "images.npy and labels.npy (NumPy)"

    static func recognises(_ folder: DatasetFolder) -> Bool {
        DatasetSplit.allCases.contains { split in
            ["images", "labels"].contains { folder.path(of: name($0, split)) != nil }
        }
    }

    static func hasTests(_ folder: DatasetFolder) -> Bool {
        ["images", "labels"].contains { folder.path(of: name($0, .test)) != nil }
    }

    static func load(_ folder: DatasetFolder, _ request: DatasetRequest) throws -> LoadedExamples {
        let (imageName, labelName) = (name("images", request.split), name("labels", request.split))
        guard let imagePath = folder.path(of: imageName) else { throw folder.missing(imageName, split: request.split) }
        guard let labelPath = folder.path(of: labelName) else { throw folder.missing(labelName, split: request.split) }

        let images = try NPY.read(imagePath)
        let extents = images.shape.count == 3 ? images.shape + [1] : images.shape
        guard extents.count == 4, extents[1...].allSatisfy({ $0 > 0 }) else {
            throw FormatError(
                path: imagePath, "the images have the shape \(images.shape)",
                help: "save them as [count, height, width, channels], or [count, height, width] for grey")
        }
        return LoadedExamples(
            shape: PixelShape(height: extents[1], width: extents[2], channels: extents[3]),
            pixels: try bytes(of: images, path: imagePath), labels: try labels(labelPath), imagePath: imagePath,
            labelPath: labelPath)
    }

    private static func name(_ what: String, _ split: DatasetSplit) -> String {
        split == .train ? "\(what).npy" : "test-\(what).npy"
    }

    private static func bytes(of images: TensorEntry, path: String) throws -> [UInt8] {
        switch images.dtype {
        case .uint8: return images.bytes
        case .int32, .int64:
            throw FormatError(
                path: path, "the images are whole numbers of type \(images.dtype)",
                help: "save them with astype('uint8')")
        case .float32, .float64:
            let values = images.doubles
            if let index = values.firstIndex(where: { !(-1...1).contains($0) }) {
                throw FormatError(
                    path: path, "element \(index) is \(values[index]), outside -1 ... 1",
                    help: "scale the images to 0 ... 1 or -1 ... 1, or save bytes with astype('uint8')")
            }
            let signed = values.contains { $0 < 0 }
            return values.map { UInt8((signed ? ($0 + 1) * 127.5 : $0 * 255) + 0.5) }
        }
    }

    private static func labels(_ path: String) throws -> [Int32] {
        let labels = try NPY.read(path)
        guard let values = labels.integers, labels.shape == [labels.count] || labels.shape == [labels.count, 1] else {
            throw FormatError(
                path: path, "the labels are \(labels.dtype) of shape \(labels.shape)",
                help: "save whole numbers of shape [count], for example with astype('int64')")
        }
        // A label beyond Int32 is beyond every model's classes too: the check that follows names it as such.
        return values.map(Int32.init(clamping:))
    }
}
