import Formats

/// A contact sheet of images: one row for each class.
public enum SampleSheet {
    /// The grey between the images.
    private static let gutterGrey: UInt8 = 48

    /// The sheet of `rows * columns` images.
    ///
    /// - Parameters:
    ///   - images: `[rows * columns, height, width, channels]`, -1 for black and 1 for white; values beyond are
    ///     clipped, values that are not finite are drawn black.
    ///   - gutter: pixels between the images and around them, before scaling.
    ///   - scale: each pixel becomes a square of this side.
    /// - Requires: `images` hold as many values, 1 or 3 channels, `scale` positive.
    public static func compose(
        _ images: [Float], shape: PixelShape, rows: Int, columns: Int, gutter: Int = 1, scale: Int = 1
    ) -> PNGImage {
        precondition(images.count == rows * columns * shape.sampleCount, "the images do not fill the sheet")
        return compose(
            bytes: images.map(byte), shape: shape, rows: rows, columns: columns, gutter: gutter, scale: scale)
    }

    /// The sheet of images that are bytes already, 0 for black.
    public static func compose(
        bytes: [UInt8], shape: PixelShape, rows: Int, columns: Int, gutter: Int = 1, scale: Int = 1
    ) -> PNGImage {
        precondition(bytes.count == rows * columns * shape.sampleCount, "the images do not fill the sheet")
        precondition(shape.channels == 1 || shape.channels == 3, "a sheet is grey or RGB")
        precondition(rows > 0 && columns > 0 && gutter >= 0 && scale > 0)
        let height = (rows * (shape.height + gutter) + gutter) * scale
        let width = (columns * (shape.width + gutter) + gutter) * scale
        var sheet = [UInt8](repeating: gutterGrey, count: height * width * shape.channels)
        for image in 0..<rows * columns {
            let top = (image / columns * (shape.height + gutter) + gutter) * scale
            let left = (image % columns * (shape.width + gutter) + gutter) * scale
            for y in 0..<shape.height * scale {
                for x in 0..<shape.width * scale {
                    let from = ((image * shape.height + y / scale) * shape.width + x / scale) * shape.channels
                    let to = ((top + y) * width + left + x) * shape.channels
                    for channel in 0..<shape.channels { sheet[to + channel] = bytes[from + channel] }
                }
            }
        }
        return PNGImage(width: width, height: height, channels: shape.channels, pixels: sheet)
    }

    /// -1 ... 1 as 0 ... 255, rounded to nearest.
    private static func byte(_ value: Float) -> UInt8 {
        guard value.isFinite else { return 0 }
        return UInt8((min(1, max(-1, value)) + 1) * 127.5 + 0.5)
    }
}
