/// An image of 8 bits per sample, as PNG holds it.
public struct PNGImage: Equatable, Sendable {
    /// Columns.
    public let width: Int
    /// Rows.
    public let height: Int
    /// 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.
    public let channels: Int
    /// `[height, width, channels]`.
    public let pixels: [UInt8]

    /// An image from its samples, `[height, width, channels]`.
    ///
    /// - Requires: at least one pixel, 1 to 4 channels, and as many samples as these give.
    public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0 && (1...4).contains(channels), "an image of no pixels or odd channels")
        precondition(checkedProduct([width, height, channels]) == pixels.count, "the samples do not fill the image")
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }
}

/// The PNG format (ISO/IEC 15948).
public enum PNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

    /// Reads the image at `path`.
    ///
    /// - Throws: `FormatError` as `decode` does.
    public static func read(_ path: String) throws -> PNGImage {
        try decode(InputFile.read(path, limit: 1 << 28), path: path)
    }

    /// Writes `image` to `path` as `AtomicFile` does.
    ///
    /// - Throws: `FormatError` if the file cannot be written.
    public static func write(_ image: PNGImage, to path: String) throws {
        try AtomicFile.write(encode(image), to: path)
    }

    /// PNG's colour types, by the number of channels.
    static let colourTypes: [(channels: Int, code: UInt8)] = [(1, 0), (2, 4), (3, 2), (4, 6)]
}
