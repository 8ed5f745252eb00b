import Foundation

/// Whole-file reading with a size limit.
public enum InputFile {
    /// The most bytes a reader takes from one file, before and after decompression: 2 GiB.
    public static let defaultLimit = 1 << 31

    /// The bytes of the regular file at `path`.
    ///
    /// - Throws: `FormatError` if there is no such file, it is not a regular file, it is larger than `limit` bytes,
    ///   or the system fails to read it.
    public static func read(_ path: String, limit: Int = defaultLimit) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FormatError(path: path, "cannot open: \(systemMessage(errno))") }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw FormatError(path: path, "cannot examine: \(systemMessage(errno))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FormatError(path: path, "not a regular file") }
        let size = Int(status.st_size)
        guard size <= limit else {
            throw FormatError(path: path, "the file has \(size) bytes, more than the limit of \(limit)")
        }
        // A file that shrinks while it is read gives fewer bytes: the reader of the format then reports truncation.
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = 0
            while count < size {
                let got = Foundation.read(descriptor, buffer.baseAddress! + count, size - count)
                if got < 0 && errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { break }
                count += got
            }
        }
        guard failure == 0 else {
            throw FormatError(path: path, offset: bytes.count, "cannot read: \(systemMessage(failure))")
        }
        return bytes
    }

    /// The bytes of the file at `path`, decompressed if they start with the mark of gzip (whatever the file's name).
    ///
    /// - Throws: `FormatError` as `read` and `Gzip.inflate` do; `limit` holds before and after decompression.
    public static func readPossiblyGzipped(_ path: String, limit: Int = defaultLimit) throws -> [UInt8] {
        let bytes = try read(path, limit: limit)
        return Gzip.isCompressed(bytes) ? try Gzip.inflate(bytes, path: path, limit: limit) : bytes
    }
}

/// The system's words for an `errno` value.
func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code)).lowercased()
}
