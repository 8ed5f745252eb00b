/// Reads the JSON header of a safetensors file: only the values that the format knows, each key once, every fault with
/// its byte.
struct SafetensorsHeaderScanner {
    struct Row {
        var name: String
        var type: String
        var shape: [Int]
        var begin: Int
        var end: Int
        /// Where the row stands in the file.
        var position: Int
    }

    private var cursor: ByteCursor
    private let end: Int

    init(_ cursor: ByteCursor, end: Int) {
        self.cursor = cursor
        self.end = end
    }

    /// - Throws: `FormatError` at the first byte that does not fit.
    mutating func scan() throws -> (metadata: [String: String], rows: [Row]) {
        var metadata: [String: String]?
        var rows: [Row] = []
        var names: Set<String> = []
        try object { scanner, name, position in
            if name == SafetensorsFile.metadataKey {
                guard metadata == nil else { throw scanner.cursor.error("a second \(name)", at: position) }
                metadata = try scanner.stringMap()
            } else {
                guard names.insert(name).inserted else {
                    throw scanner.cursor.error("a second tensor '\(name)'", at: position)
                }
                rows.append(try scanner.row(name, position))
            }
        }
        while cursor.offset < end {
            guard try next() == UInt8(ascii: " ") else {
                throw cursor.error("unexpected text after the header", at: cursor.offset - 1)
            }
        }
        return (metadata ?? [:], rows)
    }

    private mutating func row(_ name: String, _ position: Int) throws -> Row {
        var type: String?
        var shape: [Int]?
        var offsets: [Int]?
        try object { scanner, key, keyPosition in
            switch key {
            case "dtype" where type == nil: type = try scanner.string()
            case "shape" where shape == nil: shape = try scanner.integers()
            case "data_offsets" where offsets == nil: offsets = try scanner.integers()
            default: throw scanner.cursor.error("unexpected or repeated key '\(key)'", at: keyPosition)
            }
        }
        guard let type, let shape, let offsets, offsets.count == 2 else {
            throw cursor.error("tensor '\(name)' lacks its dtype, shape or two data_offsets", at: position)
        }
        return Row(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1], position: position)
    }

    private mutating func stringMap() throws -> [String: String] {
        var map: [String: String] = [:]
        try object { scanner, key, position in
            guard map.updateValue(try scanner.string(), forKey: key) == nil else {
                throw scanner.cursor.error("a second '\(key)' in the metadata", at: position)
            }
        }
        return map
    }

    /// Calls `member` with each key and its place, the cursor before the key's value.
    private mutating func object(_ member: (inout Self, String, Int) throws -> Void) throws {
        try expect("{")
        if try peek() != UInt8(ascii: "}") {
            while true {
                _ = try peek()
                let position = cursor.offset
                let key = try string()
                try expect(":")
                try member(&self, key, position)
                guard try peek() == UInt8(ascii: ",") else { break }
                try expect(",")
            }
        }
        try expect("}")
    }

    private mutating func integers() throws -> [Int] {
        var values: [Int] = []
        try expect("[")
        if try peek() != UInt8(ascii: "]") {
            while true {
                values.append(try integer())
                guard values.count <= 32 else { throw cursor.error("a list of more than 32 numbers") }
                guard try peek() == UInt8(ascii: ",") else { break }
                try expect(",")
            }
        }
        try expect("]")
        return values
    }

    private mutating func integer() throws -> Int {
        _ = try peek()
        let start = cursor.offset
        var value = 0
        while cursor.offset < end, (0x30...0x39).contains(cursor.bytes[cursor.offset]) {
            guard cursor.offset - start < 16 else { throw cursor.error("a number too large", at: start) }
            value = value * 10 + Int(try next() - 0x30)
        }
        guard cursor.offset > start else { throw cursor.error("a whole number expected") }
        return value
    }

    private mutating func string() throws -> String {
        try expect("\"")
        let start = cursor.offset
        var units: [UInt8] = []
        while true {
            let byte = try next()
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: units, as: UTF8.self) else {
                    throw cursor.error("a text that is not UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"): units += Array(String(try escape()).utf8)
            case 0..<0x20: throw cursor.error("a control character in a text", at: cursor.offset - 1)
            default: units.append(byte)
            }
        }
    }

    private mutating func escape() throws -> Unicode.Scalar {
        let position = cursor.offset - 1
        switch try next() {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let high = try hexadecimalUnit()
            if let scalar = Unicode.Scalar(high) { return scalar }
            // A surrogate: the other half must follow.
            if (0xd800..<0xdc00).contains(high), try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") {
                let low = try hexadecimalUnit()
                if (0xdc00..<0xe000).contains(low) {
                    let value = 0x10000 + (UInt32(high) - 0xd800) << 10 + UInt32(low) - 0xdc00
                    if let scalar = Unicode.Scalar(value) { return scalar }
                }
            }
            throw cursor.error("half of a surrogate pair", at: position)
        default: throw cursor.error("an unknown escape in a text", at: position)
        }
    }

    private mutating func hexadecimalUnit() throws -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try next())).hexDigitValue else {
                throw cursor.error("four hexadecimal digits expected", at: cursor.offset - 1)
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    private mutating func next() throws -> UInt8 {
        guard cursor.offset < end else { throw cursor.error("the header ends early") }
        return try cursor.take(1, "the header").first!
    }

    /// The next byte that is not white space, left in place.
    private mutating func peek() throws -> UInt8 {
        while cursor.offset < end, [0x20, 0x09, 0x0a, 0x0d].contains(cursor.bytes[cursor.offset]) { _ = try next() }
        guard cursor.offset < end else { throw cursor.error("the header ends early") }
        return cursor.bytes[cursor.offset]
    }

    private mutating func expect(_ character: Unicode.Scalar) throws {
        guard try peek() == UInt8(ascii: character) else { throw cursor.error("'\(character)' expected") }
        _ = try next()
    }
}
