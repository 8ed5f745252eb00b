import Testing

@testable import Formats

@Suite struct GzipTests {
    private let text = Array(String(repeating: "conditional ", count: 50_000).utf8)

    @Test("a compressed file is read whatever its name, a plain one as it is")
    func roundTrip() throws {
        let folder = TemporaryFolder()
        try AtomicFile.write(Gzip.deflate(text), to: folder.file("packed"))
        try AtomicFile.write(text, to: folder.file("plain"))
        #expect(try InputFile.readPossiblyGzipped(folder.file("packed")) == text)
        #expect(try InputFile.readPossiblyGzipped(folder.file("plain")) == text)
    }

    @Test("the bytes gzip writes are read")
    func knownBytes() throws {
        // printf hello | gzip -n
        let file: [UInt8] = [
            0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0,
        ]
        #expect(try Gzip.inflate(file, path: "h.gz") == Array("hello".utf8))
        #expect(try Gzip.inflate(file + file, path: "h.gz") == Array("hellohello".utf8), "members are joined")
    }

    @Test("a file that grows beyond the limit is refused")
    func limit() throws {
        let packed = Gzip.deflate(text)
        #expect(try Gzip.inflate(packed, path: "b.gz", limit: text.count).count == text.count)
        let error = try #require(formatError { _ = try Gzip.inflate(packed, path: "b.gz", limit: text.count - 1) })
        #expect(error.message.contains("more than the limit of \(text.count - 1)"))
    }

    @Test("every truncation of a file is reported with its place")
    func truncated() throws {
        let packed = Gzip.deflate(Array("some text, some text".utf8))
        for count in 2..<packed.count {
            let error = try #require(formatError { _ = try Gzip.inflate(Array(packed.prefix(count)), path: "t.gz") })
            #expect(error.message.contains("truncated"))
            #expect(error.offset == count)
        }
    }

    @Test("a damaged file throws and never traps")
    func damaged() {
        let outcome = countRejections(of: Gzip.deflate(Array(text.prefix(2000))), rounds: 3000, seed: 6) {
            _ = try Gzip.inflate($0, path: $1, limit: 1 << 20)
        }
        #expect(outcome.strange.isEmpty)
        #expect(outcome.rejected > 2000)
    }

    @Test("the checksum of '123456789' is that of the standard")
    func checksum() {
        #expect(crc32("123456789".utf8) == 0xcbf4_3926)
        #expect(crc32("6789".utf8, seed: crc32("12345".utf8)) == 0xcbf4_3926)
        #expect(crc32([]) == 0)
    }
}
