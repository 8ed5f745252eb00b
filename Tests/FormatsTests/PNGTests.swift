import Testing

@testable import Formats

@Suite struct PNGTests {
    private func noise(_ width: Int, _ height: Int, _ channels: Int, seed: UInt64 = 5) -> PNGImage {
        var random = SeededGenerator(state: seed)
        // Smooth in one half and random in the other, so that every filter is the best somewhere.
        let pixels = (0..<width * height * channels).map { index in
            index % 2 == 0 ? UInt8(truncatingIfNeeded: index / 3) : UInt8.random(in: 0...255, using: &random)
        }
        return PNGImage(width: width, height: height, channels: channels, pixels: pixels)
    }

    @Test("images of 1 to 4 channels survive a round trip", arguments: [1, 2, 3, 4])
    func roundTrip(channels: Int) throws {
        for (width, height) in [(1, 1), (7, 5), (64, 33)] {
            let image = noise(width, height, channels)
            #expect(try PNG.decode(PNG.encode(image), path: "i.png") == image)
        }
    }

    @Test("each filter's differences reconstruct the row", arguments: PNGFilter.allCases)
    func filters(filter: PNGFilter) {
        let image = noise(19, 2, 3)
        let above = image.pixels[0..<57]
        let row = image.pixels[57..<114]
        var bytes = Array(above) + filter.differences(row, above: above, step: 3)
        filter.reconstruct(&bytes, start: 57, count: 57, above: 0, step: 3)
        #expect(bytes == image.pixels)
    }

    /// A file made by hand from its parts.
    private func file(
        _ width: Int, _ height: Int, depth: UInt8, colour: UInt8, interlace: UInt8 = 0, chunks: [(String, [UInt8])]
    ) -> [UInt8] {
        let header = [0, 0, 0, UInt8(width), 0, 0, 0, UInt8(height), depth, colour, 0, 0, interlace]
        return ([("IHDR", header)] + chunks + [("IEND", [])]).reduce(into: PNG.signature) { file, chunk in
            let body = Array(chunk.0.utf8) + chunk.1
            let checksum = crc32(body)
            file += [0, 0, 0, UInt8(chunk.1.count)] + body + (0..<4).map { UInt8(checksum >> (24 - 8 * $0) & 255) }
        }
    }

    @Test("grey of 1, 2 and 4 bits is stretched to 8")
    func smallGrey() throws {
        let cases: [(UInt8, [UInt8], [UInt8])] = [
            (1, [0b1010_0000], [255, 0, 255]), (2, [0b0001_1000], [0, 85, 170]), (4, [0x0f, 0x80], [0, 255, 136]),
        ]
        for (depth, row, expected) in cases {
            let bytes = file(3, 1, depth: depth, colour: 0, chunks: [("IDAT", ZlibStream.deflate([0] + row))])
            #expect(try PNG.decode(bytes, path: "i.png").pixels == expected)
        }
    }

    @Test("a palette becomes RGB, with alpha if it has any")
    func palette() throws {
        let colours: [UInt8] = [1, 2, 3, 40, 50, 60]
        let data = ZlibStream.deflate([0, 1, 0])
        let plain = file(2, 1, depth: 8, colour: 3, chunks: [("PLTE", colours), ("IDAT", data)])
        #expect(try PNG.decode(plain, path: "i.png").pixels == [40, 50, 60, 1, 2, 3])
        let alpha = file(2, 1, depth: 8, colour: 3, chunks: [("PLTE", colours), ("tRNS", [9]), ("IDAT", data)])
        #expect(try PNG.decode(alpha, path: "i.png").pixels == [40, 50, 60, 255, 1, 2, 3, 9])
        let outside = file(
            2, 1, depth: 8, colour: 3, chunks: [("PLTE", colours), ("IDAT", ZlibStream.deflate([0, 1, 2]))])
        #expect(formatError { _ = try PNG.decode(outside, path: "i.png") }?.message.contains("palette") == true)
    }

    @Test("image data in several chunks is joined, unknown ancillary chunks are passed over")
    func severalChunks() throws {
        let data = ZlibStream.deflate([0, 7, 8])
        let chunks = [("teXt", [1, 2]), ("IDAT", Array(data.prefix(3))), ("IDAT", Array(data.dropFirst(3)))]
        #expect(try PNG.decode(file(2, 1, depth: 8, colour: 0, chunks: chunks), path: "i.png").pixels == [7, 8])
    }

    @Test("what is not read is refused with the reason")
    func refused() throws {
        let data = ZlibStream.deflate([0, 7, 8])
        let cases: [([UInt8], String)] = [
            (file(2, 1, depth: 16, colour: 0, chunks: [("IDAT", data)]), "16 bits"),
            (file(2, 1, depth: 8, colour: 0, interlace: 1, chunks: [("IDAT", data)]), "interlaced"),
            (file(0, 1, depth: 8, colour: 0, chunks: [("IDAT", data)]), "0x1 pixels"),
            (file(2, 2, depth: 8, colour: 0, chunks: [("IDAT", data)]), "6 bytes of rows expected"),
            (file(1, 1, depth: 8, colour: 0, chunks: [("IDAT", data)]), "more than the limit of 2"),
            (file(2, 1, depth: 8, colour: 5, chunks: [("IDAT", data)]), "colour type 5"),
            (file(2, 1, depth: 8, colour: 0, chunks: [("ABCD", [])]), "critical chunk ABCD"),
            (file(2, 1, depth: 8, colour: 0, chunks: [("IDAT", ZlibStream.deflate([9, 7, 8]))]), "unknown filter 9"),
            (Array(file(2, 1, depth: 8, colour: 0, chunks: [("IDAT", data)]).dropLast(12)), "ends inside"),
            (Array("GIF89a".utf8), "not a PNG"),
        ]
        for (bytes, expected) in cases {
            let error = try #require(formatError { _ = try PNG.decode(bytes, path: "bad.png") })
            #expect(error.path == "bad.png")
            #expect(error.message.contains(expected), "\(error)")
        }
    }

    @Test("a changed byte is found by its chunk's checksum, with the place")
    func checksum() throws {
        var bytes = PNG.encode(noise(8, 8, 1))
        bytes[50] ^= 1
        let error = try #require(formatError { _ = try PNG.decode(bytes, path: "bad.png") })
        #expect(error.message.contains("checksum of the chunk IDAT"))
        #expect(error.offset == bytes.count - 16)
    }

    @Test("a damaged file throws and never traps")
    func damaged() {
        let outcome = countRejections(of: PNG.encode(noise(9, 9, 3)), rounds: 2000, seed: 2) {
            _ = try PNG.decode($0, path: $1)
        }
        #expect(outcome.strange.isEmpty)
        #expect(outcome.rejected == 2000, "every byte of a PNG is under a checksum or its length")
    }

    @Test("damage under correct checksums throws and never traps")
    func damagedInside() {
        var random = SeededGenerator(state: 3)
        var rejected = 0
        for _ in 0..<2000 {
            let header = mutated([0, 0, 0, 3, 0, 0, 0, 3, 4, 3, 0, 0, 0], using: &random)
            let data = mutated(ZlibStream.deflate([0, 1, 0, 1, 1, 0, 4, 0, 0]), using: &random)
            let chunks = [("IHDR", header), ("PLTE", [1, 2, 3, 4, 5, 6]), ("IDAT", data), ("IEND", [])]
            let bytes = chunks.reduce(into: PNG.signature) { file, chunk in
                let body = Array(chunk.0.utf8) + chunk.1
                let checksum = crc32(body)
                file += [0, 0, 0, UInt8(chunk.1.count)] + body + (0..<4).map { UInt8(checksum >> (24 - 8 * $0) & 255) }
            }
            if formatError({ _ = try PNG.decode(bytes, path: "bad.png") }) != nil { rejected += 1 }
        }
        #expect(rejected > 1500)
    }
}
