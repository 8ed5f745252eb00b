import Foundation

/// A file that grows by whole lines, such as metrics in JSON lines.
///
/// Every line is handed to the system at once, so what was appended survives the end of this process.
public final class AppendingFile {
    /// The file's path.
    public let path: String
    /// The file's length in bytes: what a checkpoint stores, to truncate to when a run resumes.
    public private(set) var length: Int
    private let descriptor: Int32
    private let isRegular: Bool

    /// Opens or creates the file at `path`.
    ///
    /// - Parameter length: if given, the file is first cut to this many bytes: lines that a run wrote after its last
    ///   checkpoint, which the resumed run will write again.
    /// - Throws: `FormatError` if the file cannot be opened or is shorter than `length`.
    public init(path: String, truncatedTo length: Int? = nil) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw writeFailure(path, errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw writeFailure(path, code)
        }
        isRegular = status.st_mode & S_IFMT == S_IFREG
        self.length = Int(status.st_size)
        guard let length else { return }
        guard length >= 0, length <= self.length else {
            close(descriptor)
            throw FormatError(
                path: path, "cannot be cut to \(length) bytes: it has only \(self.length)",
                help: "the file is not the one the checkpoint was written with")
        }
        guard ftruncate(descriptor, off_t(length)) == 0 else {
            let code = errno
            close(descriptor)
            throw writeFailure(path, code)
        }
        self.length = length
    }

    deinit { close(descriptor) }

    /// Appends `line` and a newline.
    ///
    /// - Requires: `line` holds no newline.
    /// - Throws: `FormatError` if the system does not take all of it; the part it took is cut off again.
    public func append(line: String) throws {
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        do {
            try bytes.withUnsafeBytes {
                try writeAll($0, to: descriptor, path: path, writing: { Foundation.write($0, $1, $2) })
            }
        } catch {
            if isRegular { _ = ftruncate(descriptor, off_t(length)) }
            throw error
        }
        length += bytes.count
    }

    /// Waits until the disk holds what was appended.
    ///
    /// - Throws: `FormatError` if the disk refuses.
    public func synchronize() throws {
        guard fsync(descriptor) == 0 else { throw writeFailure(path, errno) }
    }
}
