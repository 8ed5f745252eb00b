/// NumPy's array files (numpy.lib.format, versions 1.0 and 2.0): little-endian, C order.
public enum NPY {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// The longest header that is read; a header holds three short entries.
    private static let headerLimit = 1 << 16

    /// NumPy's `descr` of each element type.
    private static let descriptions: [(text: String, dtype: DType)] = [
        ("<f4", .float32), ("<f8", .float64), ("<i4", .int32), ("<i8", .int64), ("|u1", .uint8),
    ]

    /// Reads the array at `path`, plain or in gzip.
    ///
    /// - Throws: `FormatError` if the file is no such array, is truncated, or holds bytes after it.
    public static func read(_ path: String, limit: Int = InputFile.defaultLimit) throws -> TensorEntry {
        try decode(InputFile.readPossiblyGzipped(path, limit: limit), path: path)
    }

    /// The array in `bytes`; `path` is for messages.
    ///
    /// - Throws: `FormatError` as `read` does.
    public static func decode(_ bytes: [UInt8], path: String) throws -> TensorEntry {
        var cursor = ByteCursor(bytes, path: path)
        guard try cursor.take(magic.count, "the mark of NPY").elementsEqual(magic) else {
            throw cursor.error("not an NPY file: it does not start with \\x93NUMPY", at: 0)
        }
        let version = Array(try cursor.take(2, "the version"))
        guard version == [1, 0] || version == [2, 0] else {
            throw cursor.error(
                "NPY version \(version[0]).\(version[1]) is not read", at: magic.count,
                help: "versions 1.0 and 2.0 are: save plain arrays with numpy.save")
        }
        let headerLength = Int(try cursor.littleEndian(version[0] == 1 ? 2 : 4, "the header's length"))
        guard headerLength <= headerLimit else {
            throw cursor.error("the header claims \(headerLength) bytes, more than the limit of \(headerLimit)")
        }
        let headerStart = cursor.offset
        _ = try cursor.take(headerLength, "the header")
        var scanner = NPYHeaderScanner(ByteCursor(bytes, path: path, offset: headerStart), end: cursor.offset)
        let header = try scanner.scan()

        // A one-byte type has no byte order; numpy writes `|`, others `<`.
        let description = header.description == "<u1" ? "|u1" : header.description
        guard let dtype = descriptions.first(where: { $0.text == description })?.dtype else {
            throw cursor.error(
                "elements of type '\(header.description)' are not read", at: headerStart,
                help: "convert the array with numpy's astype to one of "
                    + descriptions.map { "'\($0.text)'" }.joined(separator: ", "))
        }
        guard !header.fortranOrder else {
            throw cursor.error(
                "the array is in Fortran order", at: headerStart, help: "save numpy.ascontiguousarray(array)")
        }
        guard let size = checkedProduct(header.shape + [dtype.byteCount]) else {
            throw cursor.error("the shape \(header.shape) is too large", at: headerStart)
        }
        guard size == cursor.remaining else {
            throw cursor.error(
                "\(size) bytes of elements expected for the shape \(header.shape), \(cursor.remaining) found")
        }
        return TensorEntry(dtype: dtype, shape: header.shape, bytes: Array(try cursor.take(size, "the elements")))
    }

    /// `tensor` as a file of version 1.0, its elements aligned to 64 bytes as NumPy does.
    public static func encode(_ tensor: TensorEntry) -> [UInt8] {
        let description = descriptions.first { $0.dtype == tensor.dtype }!.text
        let extents = tensor.shape.map(String.init)
        let tuple = extents.count == 1 ? "(\(extents[0]),)" : "(\(extents.joined(separator: ", ")))"
        var header = "{'descr': '\(description)', 'fortran_order': False, 'shape': \(tuple), }"
        let prefix = magic.count + 4
        let padding = (64 - (prefix + header.utf8.count + 1) % 64) % 64
        header += String(repeating: " ", count: padding) + "\n"
        precondition(header.utf8.count <= Int(UInt16.max), "a shape of too many axes")
        let length = UInt16(header.utf8.count)
        return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(header.utf8) + tensor.bytes
    }

    /// Writes `tensor` to `path` as `AtomicFile` does.
    ///
    /// - Throws: `FormatError` if the file cannot be written.
    public static func write(_ tensor: TensorEntry, to path: String) throws {
        try AtomicFile.write(encode(tensor), to: path)
    }
}
