extension StoredDataset {
    /// Images of uniform noise with random labels, for timing: any shape and number of classes, at once in memory.
    ///
    /// - Parameters:
    ///   - count: how many examples.
    ///   - seed: of all their numbers; the same seed gives the same bytes.
    public static func noise(count: Int, imageShape: PixelShape, classes: Int, seed: UInt64) -> StoredDataset {
        var random = ExampleRandom(seed: seed, stream: 0x6e6f_6973, index: 0)  // "nois"
        let pixels = (0..<count * imageShape.sampleCount).map { _ in UInt8(random.index(below: 256)) }
        let labels = (0..<count).map { _ in Int32(random.index(below: classes)) }
        return StoredDataset(
            name: "noise", imageShape: imageShape, classNames: (0..<classes).map(String.init), pixels: pixels,
            labels: labels)
    }
}
