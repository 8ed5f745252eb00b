/// The IDX format of MNIST (yann.lecun.com/exdb/mnist), unsigned bytes only.
public enum IDX {
    /// An array of unsigned bytes: `[count, height, width]` for images, `[count]` for labels.
    public struct Array: Equatable, Sendable {
        /// The extents, outermost first.
        public let shape: [Int]
        /// The elements in C order.
        public let bytes: [UInt8]
    }

    /// Reads images (mark 0x00000803) from `path`, plain or in gzip: `[count, height, width]`.
    ///
    /// - Throws: `FormatError` if the mark is another, or the file does not hold exactly what its header says.
    public static func readImages(_ path: String) throws -> Array {
        try decode(InputFile.readPossiblyGzipped(path), axes: 3, path: path)
    }

    /// Reads labels (mark 0x00000801) from `path`, plain or in gzip: `[count]`.
    ///
    /// - Throws: `FormatError` if the mark is another, or the file does not hold exactly what its header says.
    public static func readLabels(_ path: String) throws -> Array {
        try decode(InputFile.readPossiblyGzipped(path), axes: 1, path: path)
    }

    /// The array of `axes` axes in `bytes`; `path` is for messages.
    ///
    /// - Throws: `FormatError` as `readImages` does.
    public static func decode(_ bytes: [UInt8], axes: Int, path: String) throws -> Array {
        var cursor = ByteCursor(bytes, path: path)
        let mark = try cursor.bigEndian32("the mark of IDX")
        let expected = 0x800 + UInt32(axes)
        guard mark == expected else {
            let what = axes == 1 ? "labels" : axes == 3 ? "images" : "\(axes) axes"
            throw cursor.error(
                "the mark is \(hexadecimal(mark)), not \(hexadecimal(expected)) for \(what) of unsigned bytes", at: 0,
                help: mark == 0x801 || mark == 0x803 ? "the files of images and labels may be exchanged" : nil)
        }
        var shape: [Int] = []
        for _ in 0..<axes { shape.append(Int(try cursor.bigEndian32("the extents"))) }
        guard let size = checkedProduct(shape) else { throw cursor.error("the extents \(shape) are too large", at: 4) }
        guard size == cursor.remaining else {
            let kind = size > cursor.remaining ? "truncated" : "longer than its header says"
            throw cursor.error(
                "\(size) bytes expected for the extents \(shape), \(cursor.remaining) found: the file is \(kind)")
        }
        return Array(shape: shape, bytes: [UInt8](try cursor.take(size, "the elements")))
    }

    /// The bytes of an IDX file.
    ///
    /// - Requires: `bytes` fill `shape`, every extent below 2^32.
    public static func encode(shape: [Int], bytes: [UInt8]) -> [UInt8] {
        precondition(checkedProduct(shape) == bytes.count, "\(bytes.count) bytes do not fill \(shape)")
        var file: [UInt8] = [0, 0, 8, UInt8(shape.count)]
        for extent in shape { file += (0..<4).map { UInt8(truncatingIfNeeded: extent >> (24 - 8 * $0)) } }
        return file + bytes
    }
}

/// Eight hexadecimal digits, as the format's documents print a mark.
private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
