import Datasets
import Testing

@testable import Training

@Suite("what generated images show, as the nearest real examples have it")
struct LabelAgreementTests {
    /// Images of two pixels, one class after the other, each class about a grey of its own.
    private func dataset(perClass: Int) -> StoredDataset {
        let labels = (0..<3).flatMap { [Int32](repeating: $0, count: perClass) }
        let pixels = labels.enumerated().flatMap { [UInt8(100 * Int($1) + $0 % 7), UInt8(100 * Int($1) + $0 % 5)] }
        return StoredDataset(
            name: "ordered", imageShape: PixelShape(height: 1, width: 2, channels: 1), classNames: ["a", "b", "c"],
            pixels: pixels, labels: labels)
    }

    @Test("examples come from all over a set that holds one class after the other, and none both judges and is judged")
    func rows() {
        let rows = LabelAgreement.rows(of: dataset(perClass: 1000), known: 100, others: 20)
        #expect(rows.known.count == 100 && rows.others.count == 20)
        #expect(Set(rows.known).isDisjoint(with: rows.others))
        for part in [rows.known, rows.others] { #expect(Set(part.map { $0 / 1000 }) == [0, 1, 2]) }
        let few = LabelAgreement.rows(of: dataset(perClass: 4), known: 100, others: 20)
        #expect(few.known.count + few.others.count == 12 && !few.others.isEmpty)
    }

    @Test("the first examples of an endless set judge, and those after them are judged")
    func endless() {
        let glyphs = GlyphDataset(imageShape: PixelShape(height: 8, width: 8, channels: 1), classes: 3)
        let rows = LabelAgreement.rows(of: glyphs, known: 10, others: 4)
        #expect(rows.known == Array(0..<10) && rows.others == Array(10..<14))
    }

    @Test("an image has the class of most of its nearest examples")
    func nearest() {
        let set = dataset(perClass: 40)
        let judge = NearestExamples(set, rows: set.evenRows(60))
        let bytes: [Float] = [3, 2, 103, 102, 203, 202]
        let images = bytes.map { $0 / 127.5 - 1 }
        #expect(judge.agreement(of: images, with: [0, 1, 2]) == 1)
        #expect(judge.agreement(of: images, with: [1, 1, 1]) == 1.0 / 3)
    }
}
