/// The ten digits as this program writes them: an endless set, each example a pure function of seed, split and index.
///
/// The class of an example is drawn uniformly. One channel is white on black, as MNIST is; three channels are two
/// colours of random hue.
public struct GlyphDataset: Dataset {
    /// The most classes there are.
    public static let digitCount = GlyphForm.digits.count

    /// The extents of each image.
    public let imageShape: PixelShape
    /// How many of the digits are drawn, from 0.
    public let classes: Int
    private let seed: UInt64
    private let stream: UInt32

    /// `glyphs`.
    public var name: String { "glyphs" }
    /// The digits.
    public var classNames: [String] { (0..<classes).map(String.init) }
    /// Nil: there is an example for every index.
    public var count: Int? { nil }
    /// Nil: no example is kept.
    public var stored: StoredExamples? { nil }
    /// Nil: no example is seen twice.
    public var heldOut: StoredExamples? { nil }

    /// The digits below `classes` in images of `imageShape`.
    ///
    /// - Parameter split: training and test examples are drawn from different series.
    /// - Requires: 1 to 10 classes.
    public init(imageShape: PixelShape, classes: Int = 10, seed: UInt64 = 0, split: DatasetSplit = .train) {
        precondition((1...GlyphDataset.digitCount).contains(classes), "there are ten digits")
        self.imageShape = imageShape
        self.classes = classes
        self.seed = seed
        // "glyp": no step of a training run has this high word, so the two never draw the same numbers.
        stream = 0x676c_7970 + (split == .train ? 0 : 1)
    }

    /// Draws the examples `rows`.
    public func fill(
        rows: Range<Int>, pixels: UnsafeMutableBufferPointer<UInt8>, labels: UnsafeMutableBufferPointer<Int32>
    ) {
        let (size, channels) = (imageShape.sampleCount, imageShape.channels)
        precondition(pixels.count == rows.count * size && labels.count == rows.count, "buffers of another size")
        guard let base = pixels.baseAddress else { return }
        var pen = GlyphPen(height: imageShape.height, width: imageShape.width)
        for (place, row) in rows.enumerated() {
            var random = ExampleRandom(seed: seed, stream: stream, index: row)
            let digit = random.index(below: classes)
            labels[place] = Int32(digit)
            let ink = GlyphInk(channels: channels, random: &random)
            let image = base + place * size
            let softness = pen.write(digit: digit, random: &random)
            if channels == 1 {
                let (background, foreground) = (ink.background[0], ink.foreground[0])
                pen.coverage(softness: softness) { pixel, coverage in
                    image[pixel] = UInt8(background + coverage * (foreground - background) + 0.5)
                }
                continue
            }
            for channel in 0..<channels {
                let (background, foreground) = (ink.background[channel], ink.foreground[channel])
                pen.coverage(softness: softness) { pixel, coverage in
                    image[pixel * channels + channel] = UInt8(background + coverage * (foreground - background) + 0.5)
                }
            }
        }
    }
}
