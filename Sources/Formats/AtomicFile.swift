import Foundation

/// Writing a file so that a reader, a crash, or a full disk sees the old content or the new, never a part.
public enum AtomicFile {
    /// Replaces the file at `path` by `bytes`.
    ///
    /// The bytes go to a temporary name in the same folder, are synced, renamed over `path`, and the folder is synced.
    ///
    /// - Throws: `FormatError` if any of it fails, a full disk for one; the temporary file is removed and what stood at
    ///   `path` is as it was.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        try write(bytes, to: path, writing: { Foundation.write($0, $1, $2) })
    }

    /// `write(_:to:)` of content that comes in pieces, none of which is kept: `content` hands them to its argument.
    public static func write(
        to path: String, content: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        try write(to: path, writing: { Foundation.write($0, $1, $2) }, content: content)
    }

    /// `write(_:to:)` with the text's UTF-8.
    public static func write(_ text: String, to path: String) throws {
        try write(Array(text.utf8), to: path)
    }

    /// `write(_:to:)` over the given system call, so that a test can fill the disk.
    static func write(
        _ bytes: [UInt8], to path: String, writing: @escaping (Int32, UnsafeRawPointer, Int) -> Int
    ) throws {
        try write(to: path, writing: writing) { append in try bytes.withUnsafeBytes(append) }
    }

    private static func write(
        to path: String, writing: @escaping (Int32, UnsafeRawPointer, Int) -> Int,
        content: (_ append: (UnsafeRawBufferPointer) throws -> Void) throws -> Void
    ) throws {
        var status = stat()
        if stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR {
            throw FormatError(path: path, "cannot write: it is a folder")
        }
        let folder = parentFolder(of: path)
        let (descriptor, temporary) = try openTemporary(in: folder, for: path)
        do {
            defer { close(descriptor) }
            try content { try writeAll($0, to: descriptor, path: path, writing: writing) }
            guard fsync(descriptor) == 0 else { throw writeFailure(path, errno) }
            guard rename(temporary, path) == 0 else { throw writeFailure(path, errno) }
        } catch {
            unlink(temporary)
            throw error
        }
        // The rename has happened: the new file is whole even if its folder cannot be synced (some file systems
        // refuse to), so a failure here is not reported.
        let folderDescriptor = open(folder, O_RDONLY | O_CLOEXEC)
        if folderDescriptor >= 0 {
            fsync(folderDescriptor)
            close(folderDescriptor)
        }
    }

    /// Opens a new file `.cganc-PID-N.partial` in `folder`.
    private static func openTemporary(in folder: String, for path: String) throws -> (Int32, String) {
        for attempt in 0..<10_000 {
            let name = "\(folder)/.cganc-\(getpid())-\(attempt).partial"
            let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (descriptor, name) }
            guard errno == EEXIST else { throw writeFailure(path, errno) }
        }
        throw FormatError(
            path: path, "cannot write: too many temporary files in \(folder)", help: "remove \(folder)/.cganc-*.partial"
        )
    }
}

/// The folder that holds `path`, without a trailing slash; "." for a bare name.
private func parentFolder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Writes all of `bytes`, however few of them the system takes at a time.
func writeAll(
    _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String,
    writing: (Int32, UnsafeRawPointer, Int) -> Int
) throws {
    guard let start = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
        let written = writing(descriptor, start + done, bytes.count - done)
        if written < 0 && errno == EINTR { continue }
        guard written > 0 else { throw writeFailure(path, written < 0 ? errno : EIO) }
        done += written
    }
}

/// The error of a failed system call on the way to writing `path`.
func writeFailure(_ path: String, _ code: Int32) -> FormatError {
    let help: String? =
        switch code {
        case ENOSPC, EDQUOT: "free space on the disk, or write to another folder"
        case ENOENT: "create the folder first"
        case EACCES, EROFS: "choose a folder you may write to"
        default: nil
        }
    return FormatError(path: path, "cannot write: \(systemMessage(code))", help: help)
}
