import Formats

/// The layout of MNIST and Fashion-MNIST.
enum IDXFolder: FolderLayout {
    static let description = "*images*idx3* and *labels*idx1* (IDX: MNIST, Fashion-MNIST)"

    /// How the names of a split's files begin.
    private static let prefixes: [DatasetSplit: [String]] = [.train: ["train"], .test: ["t10k", "test"]]

    static func recognises(_ folder: DatasetFolder) -> Bool {
        !folder.files { isPart("images", "idx3", $0) || isPart("labels", "idx1", $0) }.isEmpty
    }

    static func hasTests(_ folder: DatasetFolder) -> Bool {
        !folder.files { name in
            (isPart("images", "idx3", name) || isPart("labels", "idx1", name))
                && prefixes[.test]!.contains { name.hasPrefix($0) }
        }.isEmpty
    }

    static func load(_ folder: DatasetFolder, _ request: DatasetRequest) throws -> LoadedExamples {
        let imagePath = try path("images", "idx3", in: folder, split: request.split)
        let labelPath = try path("labels", "idx1", in: folder, split: request.split)
        let images = try IDX.readImages(imagePath)
        let labels = try IDX.readLabels(labelPath).bytes
        guard images.shape[1] > 0, images.shape[2] > 0 else {
            throw FormatError(path: imagePath, offset: 8, "images of \(images.shape[1])x\(images.shape[2]) pixels")
        }
        return LoadedExamples(
            shape: PixelShape(height: images.shape[1], width: images.shape[2], channels: 1), pixels: images.bytes,
            labels: labels.map(Int32.init), classNames: isFashion(labels) ? fashionNames : nil, imagePath: imagePath,
            labelPath: labelPath, firstLabelOffset: 8)
    }

    private static func isPart(_ what: String, _ mark: String, _ name: String) -> Bool {
        name.contains(what) && name.contains(mark)
    }

    /// The one file of `what` for `split`: by its prefix, or the only one there is if it has no prefix.
    private static func path(
        _ what: String, _ mark: String, in folder: DatasetFolder, split: DatasetSplit
    ) throws -> String {
        let candidates = folder.files { isPart(what, mark, $0) }
        var chosen = candidates.filter { name in prefixes[split]!.contains { name.hasPrefix($0) } }
        if chosen.isEmpty {
            chosen = candidates.filter { name in
                !DatasetSplit.allCases.contains { prefixes[$0]!.contains { name.hasPrefix($0) } }
            }
        }
        guard let name = chosen.first else {
            let usual = "\(prefixes[split]![0])-\(what)-\(mark)-ubyte"
            throw folder.missing("\(usual) or \(usual).gz", split: split)
        }
        guard chosen.count == 1 else {
            throw FormatError(
                path: folder.path, "several files could be the \(what): \(chosen.joined(separator: ", "))",
                help: "keep one of them in the folder")
        }
        return folder.path + "/" + name
    }

    /// Fashion-MNIST has the same file names as MNIST: its published labels are known by their CRC-32.
    private static func isFashion(_ labels: [UInt8]) -> Bool {
        let published: [(count: Int, checksum: UInt32)] = [(60_000, 0x2ed6_e46a), (10_000, 0x242b_c73f)]
        return published.contains { $0.count == labels.count && $0.checksum == crc32(labels) }
    }

    private static let fashionNames = [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
    ]
}
