import Formats
import Foundation

/// A picture that a page carries within itself.
public struct EmbeddedImage {
    private let bytes: [UInt8]
    private let width, height: Int
    private let caption: String

    /// The PNG file at `path`.
    ///
    /// - Throws: `FormatError` if it cannot be read or is no PNG.
    public init(png path: String, caption: String) throws {
        let bytes = try InputFile.read(path, limit: 1 << 26)
        let image = try PNG.decode(bytes, path: path)
        self.init(bytes: bytes, width: image.width, height: image.height, caption: caption)
    }

    /// A picture that is in memory.
    public init(_ image: PNGImage, caption: String) {
        self.init(bytes: PNG.encode(image), width: image.width, height: image.height, caption: caption)
    }

    private init(bytes: [UInt8], width: Int, height: Int, caption: String) {
        self.bytes = bytes
        self.width = width
        self.height = height
        self.caption = caption
    }

    /// The picture above its caption.
    public var html: HTML {
        """
        <figure class="sheet"><img width="\(width)" height="\(height)" alt="\(caption)" \
        src="data:image/png;base64,\(Data(bytes).base64EncodedString())"><figcaption>\(caption)</figcaption></figure>
        """
    }
}
