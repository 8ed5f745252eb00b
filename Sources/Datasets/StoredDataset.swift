/// A finite set of labelled images in memory.
public struct StoredDataset: Dataset {
    /// What the user called it.
    public let name: String
    /// The extents of each image.
    public let imageShape: PixelShape
    /// One name for each class.
    public let classNames: [String]
    /// The whole set: never nil here.
    public let stored: StoredExamples?
    /// Examples of the same kind that are never learnt from.
    public let heldOut: StoredExamples?
    private let examples: StoredExamples

    /// The number of class names.
    public var classes: Int { classNames.count }
    /// The number of examples: never nil here.
    public var count: Int? { examples.labels.count }

    /// A set of the given examples.
    ///
    /// - Requires: `pixels` hold as many images as there are `labels`; every label names a class.
    public init(
        name: String, imageShape: PixelShape, classNames: [String], pixels: [UInt8], labels: [Int32],
        heldOut: StoredExamples? = nil
    ) {
        precondition(pixels.count == labels.count * imageShape.sampleCount, "images and labels do not match")
        precondition(labels.allSatisfy { 0 <= $0 && Int($0) < classNames.count }, "a label names no class")
        self.name = name
        self.imageShape = imageShape
        self.classNames = classNames
        examples = StoredExamples(pixels: pixels, labels: labels)
        stored = examples
        self.heldOut = heldOut
    }

    /// Copies the examples `rows`.
    public func fill(
        rows: Range<Int>, pixels: UnsafeMutableBufferPointer<UInt8>, labels: UnsafeMutableBufferPointer<Int32>
    ) {
        let size = imageShape.sampleCount
        precondition(pixels.count == rows.count * size && labels.count == rows.count, "buffers of another size")
        _ = pixels.update(fromContentsOf: examples.pixels[rows.lowerBound * size..<rows.upperBound * size])
        _ = labels.update(fromContentsOf: examples.labels[rows])
    }
}
