import CZlib

/// Decompression of gzip files (RFC 1952), of one or more members.
public enum Gzip {
    /// Whether `bytes` start with the two-byte mark of gzip.
    public static func isCompressed(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
    }

    /// The content of a gzip file.
    ///
    /// - Throws: `FormatError` if the stream is damaged or truncated, its checksum is wrong, bytes follow its end that
    ///   are no further member, or the content is larger than `limit` bytes.
    public static func inflate(_ bytes: [UInt8], path: String, limit: Int = InputFile.defaultLimit) throws -> [UInt8] {
        var content: [UInt8] = []
        var start = 0
        repeat {
            start = try inflateStream(bytes, from: start, windowBits: 15 + 16, into: &content, limit: limit, path: path)
        } while start < bytes.count
        return content
    }

    /// `bytes` as a gzip file of one member, without a time or a name, so that equal content gives equal files.
    public static func deflate(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
        deflateStream(bytes, windowBits: 15 + 16, level: level)
    }
}

/// Zlib streams (RFC 1950), as PNG holds them.
enum ZlibStream {
    /// The content of the one stream that `bytes` hold, of at most `limit` bytes.
    static func inflate(_ bytes: [UInt8], path: String, limit: Int) throws -> [UInt8] {
        var content: [UInt8] = []
        _ = try inflateStream(bytes, from: 0, windowBits: 15, into: &content, limit: limit, path: path)
        return content
    }

    static func deflate(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
        deflateStream(bytes, windowBits: 15, level: level)
    }
}

/// Decompresses one stream that starts at `start`, appends to `content`, and returns where the stream ended.
private func inflateStream(
    _ bytes: [UInt8], from start: Int, windowBits: Int32, into content: inout [UInt8], limit: Int, path: String
) throws -> Int {
    var stream = z_stream()
    guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
        throw FormatError(path: path, "zlib could not start: out of memory")
    }
    defer { inflateEnd(&stream) }

    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var consumed = start
    var status = Z_OK
    while status != Z_STREAM_END {
        let offered = min(bytes.count - consumed, 1 << 30)
        let produced = bytes.withUnsafeBufferPointer { input in
            chunk.withUnsafeMutableBufferPointer { output in
                // zlib's C signature lacks a const; it does not write to its input.
                stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0 + consumed) }
                stream.avail_in = UInt32(offered)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                status = CZlib.inflate(&stream, Z_NO_FLUSH)
                return output.count - Int(stream.avail_out)
            }
        }
        let took = offered - Int(stream.avail_in)
        consumed += took
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
            let reason = stream.msg.map { String(cString: $0) } ?? "code \(status)"
            throw FormatError(path: path, offset: consumed, "the compressed data is damaged: \(reason)")
        }
        if produced == 0 && took == 0 && status != Z_STREAM_END {
            throw FormatError(path: path, offset: consumed, "the compressed data ends early: the file is truncated")
        }
        guard content.count + produced <= limit else {
            throw FormatError(
                path: path, offset: consumed, "the content decompresses to more than the limit of \(limit) bytes")
        }
        content.append(contentsOf: chunk[..<produced])
    }
    return consumed
}

private func deflateStream(_ bytes: [UInt8], windowBits: Int32, level: Int32) -> [UInt8] {
    var stream = z_stream()
    let started = deflateInit2_(
        &stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(started == Z_OK, "zlib could not start")
    defer { deflateEnd(&stream) }
    precondition(bytes.count <= Int(UInt32.max))
    return bytes.withUnsafeBufferPointer { input in
        let capacity = Int(deflateBound(&stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
            stream.next_in = input.baseAddress.map { UnsafeMutablePointer(mutating: $0) }
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(capacity)
            let status = CZlib.deflate(&stream, Z_FINISH)
            precondition(status == Z_STREAM_END, "the bound of deflate was too small")
            count = capacity - Int(stream.avail_out)
        }
    }
}

/// The CRC-32 of PNG and gzip, of `bytes` after those that gave `seed`.
package func crc32(_ bytes: some Collection<UInt8>, seed: UInt32 = 0) -> UInt32 {
    let update = { (buffer: UnsafeBufferPointer<UInt8>) in
        UInt32(truncatingIfNeeded: CZlib.crc32_z(UInt(seed), buffer.baseAddress, buffer.count))
    }
    // crc32 of a null pointer is a request for the initial value: an empty collection must not become one.
    if bytes.isEmpty { return seed }
    return bytes.withContiguousStorageIfAvailable(update) ?? Array(bytes).withUnsafeBufferPointer(update)
}
