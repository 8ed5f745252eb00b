/// A safetensors file (github.com/huggingface/safetensors): eight bytes of header length, a JSON header, tensor bytes.
public struct SafetensorsFile: Sendable {
    /// The header's `__metadata__`.
    public var metadata: [String: String]
    /// The tensors, in the order of their bytes in the file.
    public var tensors: [(name: String, entry: TensorEntry)]

    static let headerLimit = 100 << 20
    static let metadataKey = "__metadata__"
    static let typeNames: [(text: String, dtype: DType)] = [
        ("F32", .float32), ("F64", .float64), ("I32", .int32), ("I64", .int64), ("U8", .uint8),
    ]

    /// A file of the given content.
    public init(metadata: [String: String] = [:], tensors: [(name: String, entry: TensorEntry)] = []) {
        self.metadata = metadata
        self.tensors = tensors
    }

    /// The tensor called `name`, or nil. Complexity: O(number of tensors).
    public subscript(name: String) -> TensorEntry? {
        tensors.first { $0.name == name }?.entry
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: `FormatError` as `init(decoding:path:)` does.
    public static func read(_ path: String, limit: Int = InputFile.defaultLimit) throws -> SafetensorsFile {
        try SafetensorsFile(decoding: InputFile.read(path, limit: limit), path: path)
    }

    /// The content of `bytes`; `path` is for messages.
    ///
    /// - Throws: `FormatError` if the header is not what the format asks for, or the tensors do not fill the rest of
    ///   the file exactly: a gap, an overlap, a size that is not the shape's.
    public init(decoding bytes: [UInt8], path: String) throws {
        var cursor = ByteCursor(bytes, path: path)
        let claimed = try cursor.littleEndian(8, "the header's length")
        guard claimed <= SafetensorsFile.headerLimit, Int(claimed) <= cursor.remaining else {
            throw cursor.error(
                "the header claims \(claimed) bytes, \(cursor.remaining) are left", at: 0,
                help: "the file is truncated or not a safetensors file")
        }
        let dataStart = 8 + Int(claimed)
        var scanner = SafetensorsHeaderScanner(cursor, end: dataStart)
        let header = try scanner.scan()

        metadata = header.metadata
        tensors = []
        var position = 0
        for row in header.rows.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            func fail(_ message: String) -> FormatError {
                FormatError(path: path, offset: row.position, "tensor '\(row.name)': \(message)")
            }
            guard let dtype = SafetensorsFile.typeNames.first(where: { $0.text == row.type })?.dtype else {
                throw fail("elements of type '\(row.type)' are not read")
            }
            guard row.begin == position else {
                throw fail("its bytes start at \(row.begin) of the data, those before it end at \(position)")
            }
            guard row.end >= row.begin, row.end <= bytes.count - dataStart else {
                throw fail("its bytes \(row.begin) ..< \(row.end) pass the \(bytes.count - dataStart) of the file")
            }
            guard let size = checkedProduct(row.shape + [dtype.byteCount]), size == row.end - row.begin else {
                throw fail("\(row.end - row.begin) bytes do not hold the shape \(row.shape) of \(row.type)")
            }
            let content = Array(bytes[dataStart + row.begin..<dataStart + row.end])
            tensors.append((row.name, TensorEntry(dtype: dtype, shape: row.shape, bytes: content)))
            position = row.end
        }
        guard position == bytes.count - dataStart else {
            throw FormatError(
                path: path, offset: dataStart + position,
                "\(bytes.count - dataStart - position) bytes follow the last tensor")
        }
    }

    /// The file's bytes: metadata by sorted key, tensors in their order, the header padded to a multiple of 8 bytes.
    ///
    /// - Requires: the names are distinct and none is `__metadata__`.
    public func encoded() -> [UInt8] {
        tensors.reduce(into: Self.header(metadata, tensors.map { ($0, $1.dtype, $1.shape) })) { $0 += $1.entry.bytes }
    }

    /// Writes the file to `path` as `AtomicFile` does.
    ///
    /// - Throws: `FormatError` if it cannot be written.
    public func write(to path: String) throws {
        try AtomicFile.write(encoded(), to: path)
    }

    /// Writes a file to `path` as `AtomicFile` does, without a copy of its tensors: `bytes` yields those of a row.
    ///
    /// - Requires: as ``encoded()``, and as many bytes as each row's type and shape ask for.
    /// - Throws: `FormatError` if it cannot be written, and what `bytes` throws.
    public static func write(
        metadata: [String: String], rows: [(name: String, dtype: DType, shape: [Int])], to path: String,
        bytes: (_ row: Int) throws -> UnsafeRawBufferPointer
    ) throws {
        try AtomicFile.write(to: path) { append in
            try header(metadata, rows).withUnsafeBytes(append)
            for (index, row) in rows.enumerated() {
                let content = try bytes(index)
                precondition(content.count == row.shape.reduce(row.dtype.byteCount, *), "\(row.name) has other extents")
                try append(content)
            }
        }
    }

    /// All that stands before the tensors' bytes.
    private static func header(
        _ metadata: [String: String], _ tensors: [(name: String, dtype: DType, shape: [Int])]
    ) -> [UInt8] {
        precondition(Set(tensors.map(\.name)).count == tensors.count, "two tensors have one name")
        var rows: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            rows.append("\(quoted(metadataKey)):{\(pairs.joined(separator: ","))}")
        }
        var position = 0
        for (name, dtype, extents) in tensors {
            precondition(name != metadataKey, "a tensor has the name of the metadata")
            let type = typeNames.first { $0.dtype == dtype }!.text
            let shape = extents.map(String.init).joined(separator: ",")
            let end = position + extents.reduce(dtype.byteCount, *)
            rows.append(
                "\(quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(position),\(end)]}")
            position = end
        }
        var text = Array("{\(rows.joined(separator: ","))}".utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
    }
}

/// `text` as a JSON string.
private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case let control where control.value < 0x20:
            let digits = String(control.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
