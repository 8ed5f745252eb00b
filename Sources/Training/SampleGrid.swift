import Datasets
import Formats
import Native

/// Sheets of generated images: one row for each class.
public enum SampleGrid {
    /// Images in a row.
    public static let columns = 10
    /// Rows at most; a model of more classes shows its first ones.
    public static let rowLimit = 40

    /// Images in the sheet of a model of `classes`.
    public static func count(classes: Int) -> Int { min(classes, rowLimit) * columns }

    /// `columns` images of each class.
    ///
    /// - Parameter stream: which series of latents: the same one in every sheet of a run, so that the sheets show how
    ///   the same latents come out.
    public static func sheet(
        of model: NativeModel, stream: UInt64 = 0, useAverage: Bool = true
    ) throws -> PNGImage {
        let rows = min(model.manifest.classes, rowLimit)
        let labels = (0..<rows).flatMap { [Int32](repeating: Int32($0), count: columns) }
        return try sheet(of: model, labels: labels, columns: columns, stream: stream, useAverage: useAverage)
    }

    /// One image for each of `labels`, row after row; what the last row lacks stays black.
    public static func sheet(
        of model: NativeModel, labels: [Int32], columns: Int, stream: UInt64 = 0, useAverage: Bool = true
    ) throws -> PNGImage {
        let image = model.manifest.image
        var images = try model.sample(labels: labels, stream: stream, useAverage: useAverage)
        var shape = PixelShape(height: image[0], width: image[1], channels: image[2])
        if shape.channels != 1 && shape.channels != 3 {
            // No picture has so many colours: show the first channel.
            let channels = shape.channels
            images = stride(from: 0, to: images.count, by: channels).map { images[$0] }
            shape = PixelShape(height: shape.height, width: shape.width, channels: 1)
        }
        let rows = (labels.count + columns - 1) / columns
        images += [Float](repeating: -1, count: (rows * columns - labels.count) * shape.sampleCount)
        let scale = max(1, min(8, 64 / max(shape.height, shape.width)))
        return SampleSheet.compose(images, shape: shape, rows: rows, columns: columns, scale: scale)
    }
}
