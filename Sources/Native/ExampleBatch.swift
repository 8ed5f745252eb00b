import CABI

/// The real examples of a step, as pointers into memory that the caller keeps alive.
public struct ExampleBatch {
    /// Where the images are.
    public enum Images {
        /// Bytes `[count, height, width, channels]`, scaled to −1 ... 1 when gathered.
        case bytes(UnsafePointer<UInt8>)
        /// Numbers of the model's precision, `[count, height, width, channels]`.
        case reals(UnsafeRawPointer)
    }

    /// The images of all examples there are.
    public var images: Images
    /// Their labels.
    public var labels: UnsafePointer<Int32>
    /// How many there are.
    public var count: Int
    /// Which of them the step takes, batch after batch; nil for the first ones in order.
    public var rows: UnsafePointer<UInt32>?

    /// A batch of all its parts.
    public init(images: Images, labels: UnsafePointer<Int32>, count: Int, rows: UnsafePointer<UInt32>? = nil) {
        self.images = images
        self.labels = labels
        self.count = count
        self.rows = rows
    }

    func withABI<Result>(_ body: (UnsafePointer<cganc_batch>) -> Result) -> Result {
        var batch = cganc_batch()
        batch.struct_size = MemoryLayout<cganc_batch>.size
        switch images {
        case .bytes(let pointer): batch.pixels = pointer
        case .reals(let pointer): batch.images = pointer
        }
        batch.labels = labels
        batch.count = UInt64(count)
        batch.rows = rows
        return withUnsafePointer(to: batch, body)
    }
}
