import Formats
import Foundation

/// Folders and sets of files that are written together.
public enum Folders {
    /// Makes the folder at `path`, and those above it that are missing.
    ///
    /// - Throws: `FormatError` if that is not possible.
    public static func make(_ path: String) throws {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw FormatError(path: path, "a file is where a folder should be", help: "choose another folder")
            }
            return
        }
        // By hand: on Linux, Foundation's `deletingLastPathComponent` traps on a path of one character.
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        if let slash = trimmed.lastIndex(of: "/"), slash != trimmed.startIndex { try make(String(trimmed[..<slash])) }
        guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
            throw FormatError(
                path: path, "cannot make the folder: \(String(cString: strerror(errno)).lowercased())",
                help: "choose another folder")
        }
    }

    /// Writes `files`, by their names in `folder`, all or none: the bytes go to a folder of a temporary name, and each
    /// file is moved to its place when all are whole.
    ///
    /// - Throws: `FormatError` if a file cannot be written; what stood in `folder` is as it was.
    public static func write(_ files: [(name: String, bytes: [UInt8])], to folder: String) throws {
        let existed = FileManager.default.fileExists(atPath: folder)
        try make(folder)
        let staging = "\(folder)/.cganc-\(getpid()).partial"
        do {
            try make(staging)
            for file in files { try AtomicFile.write(file.bytes, to: "\(staging)/\(file.name)") }
            for file in files {
                guard rename("\(staging)/\(file.name)", "\(folder)/\(file.name)") == 0 else {
                    throw FormatError(
                        path: "\(folder)/\(file.name)", "cannot write: \(String(cString: strerror(errno)).lowercased())"
                    )
                }
            }
            rmdir(staging)
        } catch let failure as FormatError {
            try? FileManager.default.removeItem(atPath: existed ? staging : folder)
            var error = failure
            // The temporary name means nothing to the person who asked for the file.
            error.path = error.path.replacingOccurrences(of: staging, with: folder)
            throw error
        }
    }
}
