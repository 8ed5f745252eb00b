/// Reads the header of an NPY file: a Python dictionary literal with exactly the keys `descr`, `fortran_order`, `shape`.
struct NPYHeaderScanner {
    struct Header {
        var description: String
        var fortranOrder: Bool
        var shape: [Int]
    }

    private var cursor: ByteCursor
    private let end: Int

    init(_ cursor: ByteCursor, end: Int) {
        self.cursor = cursor
        self.end = end
    }

    /// - Throws: `FormatError` at the first byte that does not fit.
    mutating func scan() throws -> Header {
        var description: String?
        var fortranOrder: Bool?
        var shape: [Int]?
        try expect("{")
        while try peek() != UInt8(ascii: "}") {
            let position = cursor.offset
            let key = try string()
            try expect(":")
            switch key {
            case "descr" where description == nil:
                if try peek() != UInt8(ascii: "'") && peek() != UInt8(ascii: "\"") {
                    throw cursor.error("records are not read, only plain arrays")
                }
                description = try string()
            case "fortran_order" where fortranOrder == nil: fortranOrder = try boolean()
            case "shape" where shape == nil: shape = try tuple()
            default: throw cursor.error("unexpected or repeated key '\(key)' in the header", at: position)
            }
            if try peek() == UInt8(ascii: ",") { try expect(",") } else { break }
        }
        try expect("}")
        while cursor.offset < end {
            guard [0x20, 0x0a].contains(try next()) else {
                throw cursor.error("unexpected text after the header's '}'", at: cursor.offset - 1)
            }
        }
        guard let description, let fortranOrder, let shape else {
            throw cursor.error("the header lacks one of 'descr', 'fortran_order', 'shape'")
        }
        return Header(description: description, fortranOrder: fortranOrder, shape: shape)
    }

    private mutating func next() throws -> UInt8 {
        guard cursor.offset < end else { throw cursor.error("the header ends early") }
        return try cursor.take(1, "the header").first!
    }

    /// The next byte that is not a space, left in place.
    private mutating func peek() throws -> UInt8 {
        while cursor.offset < end, cursor.bytes[cursor.offset] == UInt8(ascii: " ") { _ = try next() }
        guard cursor.offset < end else { throw cursor.error("the header ends early") }
        return cursor.bytes[cursor.offset]
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard try peek() == UInt8(ascii: character) else {
            throw cursor.error("'\(character)' expected in the header")
        }
        _ = try next()
    }

    private mutating func string() throws -> String {
        let quote = try peek()
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            throw cursor.error("a quoted text expected in the header")
        }
        _ = try next()
        var text: [UInt8] = []
        while true {
            let byte = try next()
            if byte == quote { break }
            guard (0x20..<0x7f).contains(byte), byte != UInt8(ascii: "\\") else {
                throw cursor.error("an unexpected character in the header", at: cursor.offset - 1)
            }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func boolean() throws -> Bool {
        _ = try peek()
        for (word, value) in [("True", true), ("False", false)] where cursor.offset + word.utf8.count <= end {
            if cursor.bytes[cursor.offset..<cursor.offset + word.utf8.count].elementsEqual(word.utf8) {
                _ = try cursor.take(word.utf8.count, "the header")
                return value
            }
        }
        throw cursor.error("True or False expected in the header")
    }

    private mutating func tuple() throws -> [Int] {
        var extents: [Int] = []
        try expect("(")
        while try peek() != UInt8(ascii: ")") {
            extents.append(try integer())
            if try peek() == UInt8(ascii: ",") { try expect(",") } else { break }
        }
        try expect(")")
        guard extents.count <= 32 else { throw cursor.error("a shape of \(extents.count) axes, more than 32") }
        return extents
    }

    private mutating func integer() throws -> Int {
        let start = cursor.offset
        var value = 0
        var digits = 0
        while cursor.offset < end, (0x30...0x39).contains(cursor.bytes[cursor.offset]) {
            guard digits < 15 else { throw cursor.error("an extent too large", at: start) }
            value = value * 10 + Int(try next() - 0x30)
            digits += 1
        }
        guard digits > 0 else { throw cursor.error("a whole number expected in the shape") }
        return value
    }
}
