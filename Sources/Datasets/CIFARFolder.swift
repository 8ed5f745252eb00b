import Formats

/// The layout of CIFAR-10's binary version.
enum CIFARFolder: FolderLayout {
    static let description = "data_batch_*.bin or test_batch*.bin (CIFAR-10, binary version)"

    static func recognises(_ folder: DatasetFolder) -> Bool {
        DatasetSplit.allCases.contains { !batches(in: folder, split: $0).isEmpty }
    }

    static func hasTests(_ folder: DatasetFolder) -> Bool { !batches(in: folder, split: .test).isEmpty }

    /// The batches of the split one after another, by name.
    static func load(_ folder: DatasetFolder, _ request: DatasetRequest) throws -> LoadedExamples {
        let names = batches(in: folder, split: request.split)
        guard !names.isEmpty else {
            let wanted = request.split == .train ? "data_batch_*.bin" : "test_batch*.bin"
            throw folder.missing("\(wanted) or \(wanted).gz", split: request.split)
        }
        var pixels: [UInt8] = []
        var labels: [Int32] = []
        for name in names {
            let batch = try CIFAR10.read(folder.path + "/" + name)
            pixels += batch.pixels
            labels += batch.labels.map(Int32.init)
        }
        return LoadedExamples(
            shape: PixelShape(height: CIFAR10.side, width: CIFAR10.side, channels: 3), pixels: pixels, labels: labels,
            classNames: [
                "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
            ], imagePath: folder.path, labelPath: folder.path)
    }

    private static func batches(in folder: DatasetFolder, split: DatasetSplit) -> [String] {
        folder.files { $0.hasPrefix(split == .train ? "data_batch_" : "test_batch") && $0.hasSuffix(".bin") }
    }
}
