extension PNG {
    /// `image` as a PNG file: equal images give equal bytes.
    public static func encode(_ image: PNGImage) -> [UInt8] {
        let colour = colourTypes.first { $0.channels == image.channels }!.code
        var file = signature
        appendChunk(
            "IHDR", bigEndian(image.width) + bigEndian(image.height) + [8, colour, 0, 0, 0], to: &file)
        appendChunk("IDAT", ZlibStream.deflate(filteredRows(of: image), level: 9), to: &file)
        appendChunk("IEND", [], to: &file)
        return file
    }

    /// Each row filtered by what leaves the smallest sum of absolute differences, the heuristic the standard suggests.
    private static func filteredRows(of image: PNGImage) -> [UInt8] {
        let rowBytes = image.width * image.channels
        var rows: [UInt8] = []
        rows.reserveCapacity(image.height * (rowBytes + 1))
        var above: ArraySlice<UInt8>?
        for y in 0..<image.height {
            let row = image.pixels[y * rowBytes..<(y + 1) * rowBytes]
            var best: (filter: PNGFilter, differences: [UInt8], cost: Int)?
            for filter in PNGFilter.allCases {
                let differences = filter.differences(row, above: above, step: image.channels)
                let cost = differences.reduce(0) { $0 + abs(Int(Int8(bitPattern: $1))) }
                if best == nil || cost < best!.cost { best = (filter, differences, cost) }
            }
            rows.append(best!.filter.rawValue)
            rows.append(contentsOf: best!.differences)
            above = row
        }
        return rows
    }

    /// Appends length, type, data and the CRC of type and data.
    private static func appendChunk(_ type: String, _ data: [UInt8], to file: inout [UInt8]) {
        let body = Array(type.utf8) + data
        file += bigEndian(data.count) + body + bigEndian(Int(crc32(body)))
    }

    private static func bigEndian(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
}
