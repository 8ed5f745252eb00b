import Foundation
import Testing

@testable import Formats

@Suite struct ImageSetTests {
    @Test("IDX images and labels survive a round trip, plain and in gzip")
    func idxRoundTrip() throws {
        let folder = TemporaryFolder()
        let pixels = (0..<24).map { UInt8($0) }
        let images = IDX.encode(shape: [2, 3, 4], bytes: pixels)
        #expect(images.prefix(16) == [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4])
        try AtomicFile.write(images, to: folder.file("images"))
        try AtomicFile.write(Gzip.deflate(images), to: folder.file("images.gz"))
        try AtomicFile.write(IDX.encode(shape: [2], bytes: [7, 9]), to: folder.file("labels"))
        for name in ["images", "images.gz"] {
            let read = try IDX.readImages(folder.file(name))
            #expect(read.shape == [2, 3, 4])
            #expect(read.bytes == pixels)
        }
        #expect(try IDX.readLabels(folder.file("labels")).bytes == [7, 9])
    }

    @Test("a truncated IDX names the file and the offset")
    func idxTruncated() throws {
        let bytes = Array(IDX.encode(shape: [2, 3, 4], bytes: [UInt8](repeating: 1, count: 24)).dropLast(5))
        let error = try #require(formatError { _ = try IDX.decode(bytes, axes: 3, path: "train-images") })
        #expect(
            error.description
                == "train-images: error: 24 bytes expected for the extents [2, 3, 4], 19 found: the file is truncated "
                + "(at byte 16)")
    }

    @Test("exchanged IDX files and extents beyond reason are refused")
    func idxRefused() throws {
        let labels = IDX.encode(shape: [4], bytes: [1, 2, 3, 4])
        let exchanged = try #require(formatError { _ = try IDX.decode(labels, axes: 3, path: "x") })
        #expect(exchanged.message.contains("0x00000801, not 0x00000803"))
        #expect(exchanged.help?.contains("exchanged") == true)
        let huge: [UInt8] = [0, 0, 8, 3] + [UInt8](repeating: 255, count: 12)
        #expect(formatError { _ = try IDX.decode(huge, axes: 3, path: "x") }?.message.contains("too large") == true)
        let long = IDX.encode(shape: [1], bytes: [1]) + [0]
        #expect(formatError { _ = try IDX.decode(long, axes: 1, path: "x") }?.message.contains("longer") == true)
    }

    @Test("CIFAR-10 planes become channels last")
    func cifar() throws {
        let planes =
            [UInt8](repeating: 10, count: 1024) + [UInt8](repeating: 20, count: 1024)
            + (0..<1024).map { UInt8(truncatingIfNeeded: $0) }
        let batch = try CIFAR10.decode([3] + planes + [9] + planes, path: "b.bin")
        #expect(batch.labels == [3, 9])
        #expect(batch.pixels.count == 2 * 3072)
        #expect(batch.pixels[0..<9] == [10, 20, 0, 10, 20, 1, 10, 20, 2])
        #expect(batch.pixels.suffix(3) == [10, 20, 255])
    }

    @Test("a partial CIFAR-10 record and a label over 9 are refused with their place")
    func cifarRefused() throws {
        let record = [UInt8](repeating: 1, count: 3073)
        let partial = try #require(formatError { _ = try CIFAR10.decode(record + [1, 2], path: "b.bin") })
        #expect(partial.offset == 3073)
        let wrong = try #require(
            formatError { _ = try CIFAR10.decode(record + [10] + record.dropFirst(), path: "b.bin") })
        #expect(wrong.offset == 3073)
        #expect(wrong.message.contains("record 1 has the label 10"))
        #expect(formatError { _ = try CIFAR10.decode([], path: "b.bin") } != nil)
    }

    @Test("damaged IDX files throw and never trap")
    func damaged() {
        let file = IDX.encode(shape: [2, 3, 4], bytes: [UInt8](repeating: 1, count: 24))
        let outcome = countRejections(of: file, rounds: 2000, seed: 8) { _ = try IDX.decode($0, axes: 3, path: $1) }
        #expect(outcome.strange.isEmpty)
        #expect(outcome.rejected > 1000)
    }
}
