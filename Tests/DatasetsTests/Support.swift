import Foundation

@testable import Datasets
@testable import Formats

/// A folder of its own for one test, removed when the test ends.
final class TemporaryFolder {
    let path: String

    init(_ name: String = "set") {
        path = NSTemporaryDirectory() + "/cganc-datasets-" + UUID().uuidString + "/" + name
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }

    /// Writes a file, making the folders above it.
    func write(_ bytes: [UInt8], to name: String) throws {
        let file = path + "/" + name
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try AtomicFile.write(bytes, to: file)
    }

    func open(
        _ height: Int, _ width: Int, _ channels: Int, classes: Int = 10, split: DatasetSplit = .train
    ) throws -> any Dataset {
        try DatasetLoader.open(
            path, imageShape: PixelShape(height: height, width: width, channels: channels), classes: classes,
            split: split)
    }
}

/// The error that `body` throws, or nil.
func formatError(_ body: () throws -> Void) -> FormatError? {
    do {
        try body()
        return nil
    } catch {
        return error as? FormatError
    }
}

/// The folder of real data: that of the environment, or the one beside the repository.
let dataFolder: String = {
    if let path = ProcessInfo.processInfo.environment["CGANC_DATA"] { return path }
    // This file stands two folders below the package.
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared/data").path
}()

/// Whether the folder `name` of real data is there.
func hasData(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: dataFolder + "/" + name)
}
