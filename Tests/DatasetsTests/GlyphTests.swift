import Formats
import Testing

@testable import Datasets

@Suite struct GlyphTests {
    private let grey = PixelShape(height: 28, width: 28, channels: 1)

    @Test("Philox4x32-10 gives the published known answers")
    func knownAnswers() {
        let ones = UInt32.max
        #expect(
            Philox.words(key: [0, 0], counter: [0, 0, 0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        #expect(
            Philox.words(key: [ones, ones], counter: [ones, ones, ones, ones])
                == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
        #expect(
            Philox.words(
                key: [0xa409_3822, 0x299f_31d0], counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344])
                == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
    }

    @Test("an example depends on its index alone, not on the batch it is drawn in")
    func pureFunction() {
        for shape in [grey, PixelShape(height: 32, width: 32, channels: 3)] {
            let set = GlyphDataset(imageShape: shape, seed: 9)
            let all = set.batch(rows: 100..<116)
            let part = set.batch(rows: 107..<110)
            let size = shape.sampleCount
            #expect(part.pixels == Array(all.pixels[7 * size..<10 * size]))
            #expect(part.labels == Array(all.labels[7..<10]))
        }
    }

    @Test("seeds, splits and indices give different examples, far indices too")
    func different() {
        let sets = [
            GlyphDataset(imageShape: grey, seed: 1).batch(rows: 0..<1),
            GlyphDataset(imageShape: grey, seed: 2).batch(rows: 0..<1),
            GlyphDataset(imageShape: grey, seed: 1 << 32).batch(rows: 0..<1),
            GlyphDataset(imageShape: grey, seed: 1, split: .test).batch(rows: 0..<1),
            GlyphDataset(imageShape: grey, seed: 1).batch(rows: 1..<2),
            GlyphDataset(imageShape: grey, seed: 1).batch(rows: 1 << 40..<1 << 40 + 1),
        ]
        #expect(Set(sets.map(\.pixels)).count == sets.count)
    }

    @Test("the bits are those of every other machine and build")
    func goldenBits() {
        let small = GlyphDataset(imageShape: grey, seed: 7).batch(rows: 0..<32)
        #expect(crc32(small.pixels) == 3_363_552_362)
        #expect(small.labels.prefix(12) == [4, 7, 4, 5, 9, 0, 9, 3, 8, 0, 9, 3])
        let colour = GlyphDataset(imageShape: PixelShape(height: 32, width: 32, channels: 3), seed: 7).batch(
            rows: 0..<32)
        #expect(crc32(colour.pixels) == 2_677_083_859)
    }

    @Test("classes are drawn uniformly and only those asked for")
    func uniformClasses() {
        // Tiny images: only the labels matter. Five standard deviations of a binomial count are about 130.
        let shape = PixelShape(height: 4, width: 4, channels: 1)
        let counts = GlyphDataset(imageShape: shape, seed: 3).batch(rows: 0..<8000).labels
            .reduce(into: [Int](repeating: 0, count: 10)) { $0[Int($1)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 800) < 135 }, "\(counts)")
        let few = GlyphDataset(imageShape: shape, classes: 3, seed: 3).batch(rows: 0..<500).labels
        #expect(Set(few) == [0, 1, 2])
    }

    @Test("a grey glyph is bright ink on black, stays off the border and covers part of the image")
    func greyLooks() {
        let batch = GlyphDataset(imageShape: grey, seed: 4).batch(rows: 0..<200)
        for row in 0..<200 {
            let image = Array(batch.pixels[row * 784..<(row + 1) * 784])
            let ink = image.reduce(0) { $0 + Int($1) } / 255
            #expect(image.max()! > 200)
            #expect((25...320).contains(ink), "example \(row) has ink for \(ink) pixels")
            let border = (0..<784).filter { $0 < 28 || $0 >= 756 || $0 % 28 == 0 || $0 % 28 == 27 }
            #expect(border.allSatisfy { image[$0] < 128 }, "example \(row) passes the border")
        }
    }

    @Test("a coloured glyph differs from its ground in luma")
    func colourLooks() {
        let batch = GlyphDataset(imageShape: PixelShape(height: 32, width: 32, channels: 3), seed: 4).batch(
            rows: 0..<60)
        for row in 0..<60 {
            let luma = (0..<1024).map { pixel -> Double in
                let at = row * 3072 + pixel * 3
                return 0.299 * Double(batch.pixels[at]) + 0.587 * Double(batch.pixels[at + 1])
                    + 0.114 * Double(batch.pixels[at + 2])
            }
            #expect(luma.max()! - luma.min()! > 60, "example \(row)")
        }
    }

    @Test("shapes that are not square, or of other channels, are filled")
    func otherShapes() {
        for shape in [
            PixelShape(height: 20, width: 33, channels: 2), PixelShape(height: 64, width: 48, channels: 1),
            PixelShape(height: 1, width: 1, channels: 4),
        ] {
            let batch = GlyphDataset(imageShape: shape, seed: 1).batch(rows: 0..<3)
            #expect(batch.pixels.count == 3 * shape.sampleCount)
        }
    }

    @Test("neighbouring examples of one class are not alike")
    func variety() {
        let batch = GlyphDataset(imageShape: grey, seed: 5).batch(rows: 0..<300)
        let fives = (0..<300).filter { batch.labels[$0] == 5 }
        for (first, second) in zip(fives, fives.dropFirst()) {
            let difference = (0..<784).reduce(0) {
                $0 + abs(Int(batch.pixels[first * 784 + $1]) - Int(batch.pixels[second * 784 + $1]))
            }
            #expect(difference > 255 * 10)
        }
    }
}
