import Formats
import Testing

@testable import Datasets

@Suite struct SampleSheetTests {
    private let pixel = PixelShape(height: 1, width: 1, channels: 1)

    @Test("images stand row by row between gutters, -1 black and 1 white")
    func layout() {
        let sheet = SampleSheet.compose([-1, 0, 1, 0.5], shape: pixel, rows: 2, columns: 2)
        #expect(sheet.width == 5 && sheet.height == 5 && sheet.channels == 1)
        #expect(sheet.pixels[5...9] == [48, 0, 48, 128, 48])
        #expect(sheet.pixels[15...19] == [48, 255, 48, 191, 48])
    }

    @Test("values beyond the range are clipped and those not finite are black")
    func clipped() {
        let sheet = SampleSheet.compose(
            [-9, 9, .nan, .infinity], shape: pixel, rows: 1, columns: 4, gutter: 0)
        #expect(sheet.pixels == [0, 255, 0, 0])
    }

    @Test("scaling makes squares, gutters too")
    func scaled() {
        let shape = PixelShape(height: 1, width: 2, channels: 3)
        let sheet = SampleSheet.compose(
            bytes: [1, 2, 3, 4, 5, 6], shape: shape, rows: 1, columns: 1, gutter: 1, scale: 2)
        #expect(sheet.width == 8 && sheet.height == 6)
        for row in 2...3 {
            #expect(sheet.pixels[row * 24 + 6..<row * 24 + 18] == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
        }
        #expect(sheet.pixels[4 * 24..<6 * 24].allSatisfy { $0 == 48 })
    }
}
