import Datasets
import Native

/// Examples that no step takes, where telemetry can gather them.
final class HeldOutExamples {
    private let pixels: UnsafeMutableBufferPointer<UInt8>
    private let labels: UnsafeMutableBufferPointer<Int32>
    /// All of them.
    let batch: ExampleBatch

    /// Nil if there are none.
    init?(_ examples: StoredExamples) {
        guard !examples.labels.isEmpty else { return nil }
        pixels = .allocate(capacity: examples.pixels.count)
        labels = .allocate(capacity: examples.labels.count)
        _ = pixels.initialize(fromContentsOf: examples.pixels)
        _ = labels.initialize(fromContentsOf: examples.labels)
        batch = ExampleBatch(
            images: .bytes(pixels.baseAddress!), labels: labels.baseAddress!, count: examples.labels.count)
    }

    deinit {
        pixels.deallocate()
        labels.deallocate()
    }

    /// `count` of them from all over the set, others for each step.
    func rows(_ count: Int, step: Int) -> [Int] {
        (0..<count).map { ($0 * batch.count / count + step) % batch.count }
    }
}
