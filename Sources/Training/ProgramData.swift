import CGAN
import Datasets

extension ImageShape {
    /// The shape as data sets spell it.
    public var pixels: PixelShape { PixelShape(height: height, width: width, channels: channels) }
}

extension Program {
    /// The training examples that `spec` names, for this model's images and classes.
    ///
    /// - Throws: `FormatError` if there are none, they are damaged, or they do not fit.
    public func dataset(_ spec: String) throws -> any Dataset {
        try DatasetLoader.open(spec, imageShape: image.pixels, classes: classes, split: .train)
    }
}
