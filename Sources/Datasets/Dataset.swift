/// Labelled images: a finite set that lies in memory, or an endless one that computes each example from its index.
///
/// Images are bytes, 0 ... 255 for the model's -1 ... 1. The same index always gives the same bits.
public protocol Dataset: Sendable {
    /// What the user called it.
    var name: String { get }
    /// The extents of each image.
    var imageShape: PixelShape { get }
    /// Labels are `0 ..< classes`.
    var classes: Int { get }
    /// One name for each class.
    var classNames: [String] { get }
    /// The number of examples, or nil if there is one for every index.
    var count: Int? { get }
    /// The whole set as two contiguous buffers, from which the emitted C gathers rows itself; nil if it is endless.
    var stored: StoredExamples? { get }
    /// Examples of the same kind that are never learnt from: what a network knows of those that it has learnt from alone
    /// shows beside them. Nil where there are none.
    var heldOut: StoredExamples? { get }

    /// Writes the examples `rows` as `pixels` `[rows, height, width, channels]` and `labels` `[rows]`.
    ///
    /// - Requires: the buffers have exactly these sizes; `rows` are not negative, and below `count` where there is one.
    func fill(
        rows: Range<Int>, pixels: UnsafeMutableBufferPointer<UInt8>, labels: UnsafeMutableBufferPointer<Int32>)
}

/// The examples of a finite set.
public struct StoredExamples: Sendable {
    /// `[count, height, width, channels]`.
    public let pixels: [UInt8]
    /// `[count]`.
    public let labels: [Int32]

    /// Images with a label for each.
    public init(pixels: [UInt8], labels: [Int32]) {
        (self.pixels, self.labels) = (pixels, labels)
    }
}

/// A few examples, copied.
public struct ImageBatch: Equatable, Sendable {
    /// `[rows, height, width, channels]`.
    public let pixels: [UInt8]
    /// `[rows]`.
    public let labels: [Int32]
}

extension Dataset {
    /// The examples `rows`.
    ///
    /// - Requires: `rows` are not negative, and below `count` where there is one.
    public func batch(rows: Range<Int>) -> ImageBatch {
        var labels: [Int32] = []
        let pixels = [UInt8](unsafeUninitializedCapacity: rows.count * imageShape.sampleCount) { pixels, pixelCount in
            labels = [Int32](unsafeUninitializedCapacity: rows.count) { labels, labelCount in
                // The capacity may be more than was asked for; `fill` gets what it is due.
                fill(
                    rows: rows,
                    pixels: UnsafeMutableBufferPointer(rebasing: pixels[..<(rows.count * imageShape.sampleCount)]),
                    labels: UnsafeMutableBufferPointer(rebasing: labels[..<rows.count]))
                labelCount = rows.count
            }
            pixelCount = rows.count * imageShape.sampleCount
        }
        return ImageBatch(pixels: pixels, labels: labels)
    }

    /// `count` rows from all over the set, or all of them where there are fewer, ascending: a folder may hold one class
    /// after the other. Of an endless set the first ones.
    public func evenRows(_ count: Int) -> [Int] {
        guard let all = self.count else { return Array(0..<count) }
        return Self.evenRows(count, of: all)
    }

    /// The same of a set of `all` examples.
    static func evenRows(_ count: Int, of all: Int) -> [Int] {
        let taken = min(count, all)
        return (0..<taken).map { Int((Double($0) * Double(all) / Double(taken)).rounded(.down)) }
    }
}
