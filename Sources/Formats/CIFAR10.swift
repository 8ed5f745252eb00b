/// The binary version of CIFAR-10 (www.cs.toronto.edu/~kriz/cifar.html): records of one label and 32x32 planes of red,
/// green and blue.
public enum CIFAR10 {
    /// Rows and columns of an image.
    public static let side = 32
    private static let plane = side * side
    private static let record = 1 + 3 * plane

    /// Images with their labels.
    public struct Batch: Equatable, Sendable {
        /// `[count, 32, 32, 3]`.
        public let pixels: [UInt8]
        /// `[count]`, each below 10.
        public let labels: [UInt8]
    }

    /// Reads the batch at `path`, plain or in gzip.
    ///
    /// - Throws: `FormatError` if the file is not a whole number of records or a label is not below 10.
    public static func read(_ path: String) throws -> Batch {
        try decode(InputFile.readPossiblyGzipped(path), path: path)
    }

    /// The batch in `bytes`; `path` is for messages.
    ///
    /// - Throws: `FormatError` as `read` does.
    public static func decode(_ bytes: [UInt8], path: String) throws -> Batch {
        let count = bytes.count / record
        guard count > 0, bytes.count % record == 0 else {
            throw FormatError(
                path: path, offset: count * record,
                "\(bytes.count) bytes are not a whole number of records of \(record) bytes",
                help: "the file is truncated or not CIFAR-10's binary version")
        }
        let labels = (0..<count).map { bytes[$0 * record] }
        if let wrong = labels.firstIndex(where: { $0 >= 10 }) {
            throw FormatError(
                path: path, offset: wrong * record, "record \(wrong) has the label \(labels[wrong]), not 0 ... 9")
        }
        let pixels = [UInt8](unsafeUninitializedCapacity: count * 3 * plane) { output, initialized in
            bytes.withUnsafeBufferPointer { input in
                for example in 0..<count {
                    let planes = input.baseAddress! + example * record + 1
                    let image = output.baseAddress! + example * 3 * plane
                    for pixel in 0..<plane {
                        image[3 * pixel] = planes[pixel]
                        image[3 * pixel + 1] = planes[plane + pixel]
                        image[3 * pixel + 2] = planes[2 * plane + pixel]
                    }
                }
            }
            initialized = count * 3 * plane
        }
        return Batch(pixels: pixels, labels: labels)
    }
}
