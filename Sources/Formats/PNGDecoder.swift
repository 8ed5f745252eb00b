extension PNG {
    /// The longest side and the most pixels that are read.
    static let sideLimit = 1 << 14
    static let pixelLimit = 1 << 26

    /// The image in `bytes`; `path` is for messages. A palette becomes RGB (with alpha if it has any), 1, 2 and 4 bits
    /// of grey are stretched to 8.
    ///
    /// - Throws: `FormatError` if the file is damaged or truncated (every checksum is compared), interlaced, of 16
    ///   bits, or larger than the limits.
    public static func decode(_ bytes: [UInt8], path: String) throws -> PNGImage {
        var cursor = ByteCursor(bytes, path: path)
        guard bytes.starts(with: signature) else {
            throw cursor.error("not a PNG file: its signature is missing", at: 0)
        }
        _ = try cursor.take(signature.count, "the signature")

        var header: Header?
        var palette: [UInt8] = []
        var paletteAlpha: [UInt8] = []
        var compressed: [UInt8] = []
        var dataEnded = false
        while true {
            let start = cursor.offset
            let chunk = try nextChunk(&cursor)
            guard (chunk.type == "IHDR") == (header == nil) else {
                throw cursor.error("the chunk \(chunk.type) stands where it must not", at: start)
            }
            if chunk.type != "IDAT" && !compressed.isEmpty { dataEnded = true }
            switch chunk.type {
            case "IHDR": header = try Header(chunk.data, path: path, offset: start + 8)
            case "PLTE":
                guard chunk.data.count % 3 == 0, (1...256).contains(chunk.data.count / 3), palette.isEmpty else {
                    throw cursor.error("a palette of \(chunk.data.count) bytes, or a second one", at: start)
                }
                palette = Array(chunk.data)
            case "tRNS": paletteAlpha = Array(chunk.data)
            case "IDAT":
                guard !dataEnded else { throw cursor.error("the image data is in two places", at: start) }
                compressed += chunk.data
            case "IEND":
                return try image(header!, compressed, palette, paletteAlpha, cursor)
            default:
                // An upper-case first letter marks a chunk without which the image cannot be understood.
                guard chunk.type.utf8.first! >= UInt8(ascii: "a") else {
                    throw cursor.error("the critical chunk \(chunk.type) is unknown", at: start)
                }
            }
        }
    }

    private static func nextChunk(_ cursor: inout ByteCursor) throws -> (type: String, data: ArraySlice<UInt8>) {
        let length = Int(try cursor.bigEndian32("the length of a chunk"))
        let body = try cursor.take(4 + length, "a chunk")
        guard body.prefix(4).allSatisfy({ (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) }) else {
            throw cursor.error("the type of a chunk is not four letters", at: cursor.offset - body.count)
        }
        let type = String(decoding: body.prefix(4), as: UTF8.self)
        let checksum = try cursor.bigEndian32("the checksum of \(type)")
        guard checksum == crc32(body) else {
            throw cursor.error("the checksum of the chunk \(type) is wrong: the file is damaged", at: cursor.offset - 4)
        }
        return (type, body.dropFirst(4))
    }

    private static func image(
        _ header: Header, _ compressed: [UInt8], _ palette: [UInt8], _ paletteAlpha: [UInt8], _ cursor: ByteCursor
    ) throws -> PNGImage {
        let rowBytes = (header.width * header.samplesPerPixel * header.depth + 7) / 8
        let expected = header.height * (rowBytes + 1)
        var rows = try ZlibStream.inflate(compressed, path: cursor.path, limit: expected)
        guard rows.count == expected else {
            throw cursor.error(
                "\(expected) bytes of rows expected for \(header.width)x\(header.height), \(rows.count) found")
        }
        let step = max(1, header.samplesPerPixel * header.depth / 8)
        for y in 0..<header.height {
            let start = y * (rowBytes + 1)
            guard let filter = PNGFilter(rawValue: rows[start]) else {
                throw cursor.error("row \(y) has the unknown filter \(rows[start])")
            }
            let above = y > 0 ? start - rowBytes : nil
            filter.reconstruct(&rows, start: start + 1, count: rowBytes, above: above, step: step)
        }
        var samples = unpackedSamples(rows, header, rowBytes)
        if header.colour != Header.palette {
            let channels = header.samplesPerPixel
            return PNGImage(width: header.width, height: header.height, channels: channels, pixels: samples)
        }
        let channels = paletteAlpha.isEmpty ? 3 : 4
        guard let highest = samples.max(), Int(highest) * 3 < palette.count else {
            throw cursor.error("a pixel has a colour outside the palette of \(palette.count / 3)")
        }
        samples = samples.flatMap { index in
            let colour = palette[Int(index) * 3..<Int(index) * 3 + 3]
            let alpha = Int(index) < paletteAlpha.count ? paletteAlpha[Int(index)] : 255
            return channels == 3 ? Array(colour) : colour + [alpha]
        }
        return PNGImage(width: header.width, height: header.height, channels: channels, pixels: samples)
    }

    /// One byte per sample; grey of fewer bits is stretched to 0 ... 255, palette indices stay as they are.
    private static func unpackedSamples(_ rows: [UInt8], _ header: Header, _ rowBytes: Int) -> [UInt8] {
        var samples: [UInt8] = []
        samples.reserveCapacity(header.width * header.height * header.samplesPerPixel)
        let mask = UInt8((1 << header.depth) - 1)
        let stretch: UInt8 = header.colour == Header.palette ? 1 : 255 / mask
        for y in 0..<header.height {
            let row = rows[y * (rowBytes + 1) + 1..<(y + 1) * (rowBytes + 1)]
            if header.depth == 8 {
                samples += row
                continue
            }
            for x in 0..<header.width {
                let bit = x * header.depth
                let shift = 8 - header.depth - bit % 8
                samples.append((row[row.startIndex + bit / 8] >> shift & mask) * stretch)
            }
        }
        return samples
    }

    /// The content of IHDR that is readable here.
    private struct Header {
        static let palette: UInt8 = 3
        let width, height, depth: Int
        let colour: UInt8
        let samplesPerPixel: Int

        init(_ data: ArraySlice<UInt8>, path: String, offset: Int) throws {
            func fail(_ message: String, help: String? = nil) -> FormatError {
                FormatError(path: path, offset: offset, message, help: help)
            }
            guard data.count == 13 else { throw fail("a header of \(data.count) bytes instead of 13") }
            let fields = Array(data)
            width = fields[0..<4].reduce(0) { $0 << 8 | Int($1) }
            height = fields[4..<8].reduce(0) { $0 << 8 | Int($1) }
            depth = Int(fields[8])
            colour = fields[9]
            guard (1...PNG.sideLimit).contains(width), (1...PNG.sideLimit).contains(height),
                width * height <= PNG.pixelLimit
            else { throw fail("an image of \(width)x\(height) pixels is empty or beyond the limit") }
            guard depth != 16 else {
                throw fail("16 bits per sample are not read", help: "convert the image to 8 bits")
            }
            let small = [1, 2, 4].contains(depth) && (colour == 0 || colour == Header.palette)
            guard depth == 8 || small else { throw fail("\(depth) bits per sample with colour type \(colour)") }
            if colour == Header.palette {
                samplesPerPixel = 1
            } else if let row = PNG.colourTypes.first(where: { $0.code == fields[9] }) {
                samplesPerPixel = row.channels
            } else {
                throw fail("the colour type \(colour) is unknown")
            }
            guard fields[10] == 0, fields[11] == 0 else { throw fail("an unknown compression or filter method") }
            guard fields[12] == 0 else {
                throw fail("interlaced images are not read", help: "save the image without interlacing")
            }
        }
    }
}
