/// A bounds-checked reading position in the bytes of one file.
struct ByteCursor {
    let bytes: [UInt8]
    let path: String
    private(set) var offset = 0

    init(_ bytes: [UInt8], path: String, offset: Int = 0) {
        self.bytes = bytes
        self.path = path
        self.offset = offset
    }

    var remaining: Int { bytes.count - offset }

    /// The next `count` bytes.
    ///
    /// - Throws: `FormatError` naming `what` if the file ends before them.
    mutating func take(_ count: Int, _ what: String) throws -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else {
            throw FormatError(
                path: path, offset: offset,
                "the file ends inside \(what): \(count) bytes needed, \(remaining) left", help: "the file is truncated")
        }
        defer { offset += count }
        return bytes[offset..<offset + count]
    }

    mutating func bigEndian32(_ what: String) throws -> UInt32 {
        try take(4, what).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func littleEndian(_ size: Int, _ what: String) throws -> UInt64 {
        try take(size, what).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func error(_ message: String, at position: Int? = nil, help: String? = nil) -> FormatError {
        FormatError(path: path, offset: position ?? offset, message, help: help)
    }
}

/// The product of `factors`, or nil if one is negative or the product passes `Int`.
func checkedProduct(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
        guard factor >= 0 else { return nil }
        let (next, overflow) = product.multipliedReportingOverflow(by: factor)
        // A zero later in the list would hide an overflow before it; such a shape is refused all the same.
        if overflow { return nil }
        product = next
    }
    return product
}
