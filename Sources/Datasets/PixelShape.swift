/// The extents of one image, channels last.
public struct PixelShape: Hashable, Sendable, CustomStringConvertible {
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int
    /// 1 for grey, 3 for red, green and blue.
    public let channels: Int

    /// The shape of images of the given extents.
    ///
    /// - Requires: all are positive.
    public init(height: Int, width: Int, channels: Int) {
        precondition(height > 0 && width > 0 && channels > 0, "an image of no pixels")
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// The number of samples in one image.
    public var sampleCount: Int { height * width * channels }

    /// For example `28x28x1`.
    public var description: String { "\(height)x\(width)x\(channels)" }
}
