import Formats
import Foundation
import Training

/// Where a mend is written: into the model's file, or into a new one.
public struct MendedFile: Sendable {
    /// The file's path.
    public let path: String
    /// True if the user's own file is changed, false if a new one is made.
    public let isInPlace: Bool
    private let run: RunToMend

    /// The file for mends of `run`: the model's own, or for a model that comes with cganc a new one beside it.
    ///
    /// - Parameter out: a new file instead.
    public init(_ run: RunToMend, out: String? = nil) {
        self.run = run
        path = out ?? run.file ?? run.fileName
        isInPlace = out == nil && run.file != nil
    }

    /// Writes `text`: whole or not at all, and never over anything but the text that the run was begun with, which stays
    /// in the run's folder.
    ///
    /// - Throws: `TrainingError` if the file has changed since, or a new one would be written over another.
    public func write(_ text: String) throws {
        guard isInPlace else {
            do {
                try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .withoutOverwriting)
            } catch let error as CocoaError where error.code == .fileWriteFileExists {
                throw TrainingError("\(path) is there already", help: "name another file with --out")
            } catch let error as CocoaError {
                throw FormatError(path: path, "cannot write: \(error.localizedDescription)")
            }
            return
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw TrainingError(
                "\(path), which the run was begun with, is not there",
                help: "go to the folder in which it was begun, or name a new file with --out")
        }
        let held = try InputFile.read(path)
        guard held == Array(run.source.utf8) else {
            let isDone = held == Array(text.utf8)
            throw TrainingError(
                isDone ? "\(path) has this change already" : "\(path) has changed since the run began",
                notes: isDone ? [] : ["the text that the run was begun with is \(run.folder.modelPath)"],
                help: isDone ? "train it" : "name a new file with --out, or make the change by hand")
        }
        // Through a link to the file itself, which keeps its permissions.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let permissions = try? FileManager.default.attributesOfItem(atPath: target)[.posixPermissions]
        try AtomicFile.write(text, to: target)
        if let permissions {
            try? FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: target)
        }
    }
}
