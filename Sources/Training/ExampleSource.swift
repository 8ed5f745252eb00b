import Datasets
import Foundation
import Native

/// The real examples of each step, as a function of the step alone.
///
/// Step `s` takes the examples numbered `s·rows ..< (s + 1)·rows`, where `rows` are those of all phase runs of a step.
/// An endless set computes them. In a finite set of `n`, example number `e` is row `permutation(e / n)[e % n]`: every
/// epoch visits each row once, in an order of its own, and batches run across the border of two epochs.
final class ExampleSource {
    private let dataset: any Dataset
    private let model: NativeModel
    private let rowsPerStep: Int
    /// The examples there are, or those of one step.
    private let pixels: UnsafeMutableBufferPointer<UInt8>
    private let labels: UnsafeMutableBufferPointer<Int32>
    /// The rows of one step; empty for an endless set.
    private let rows: UnsafeMutableBufferPointer<UInt32>
    /// Examples that no step takes; nil if there are none.
    let heldOut: HeldOutExamples?
    private var epoch = -1
    private var order: [UInt32] = []

    /// The examples of `dataset` for steps of `model`.
    ///
    /// - Throws: ``TrainingError`` if images or classes are not the model's, or there are no examples.
    init(_ dataset: any Dataset, model: NativeModel) throws {
        try Self.check(dataset, fits: model)
        self.dataset = dataset
        self.model = model
        rowsPerStep = model.manifest.batch * model.manifest.phases.reduce(0) { $0 + $1.runs }
        let held = dataset.stored?.labels.count ?? rowsPerStep
        pixels = .allocate(capacity: held * dataset.imageShape.sampleCount)
        labels = .allocate(capacity: held)
        rows = .allocate(capacity: dataset.stored == nil ? 0 : rowsPerStep)
        rows.initialize(repeating: 0)
        heldOut = dataset.heldOut.flatMap(HeldOutExamples.init)
        if let stored = dataset.stored {
            _ = pixels.initialize(fromContentsOf: stored.pixels)
            _ = labels.initialize(fromContentsOf: stored.labels)
        } else {
            pixels.initialize(repeating: 0)
            labels.initialize(repeating: 0)
        }
    }

    deinit {
        pixels.deallocate()
        labels.deallocate()
        rows.deallocate()
    }

    static func check(_ dataset: any Dataset, fits model: NativeModel) throws {
        let (image, shape) = (model.manifest.image, dataset.imageShape)
        guard image == [shape.height, shape.width, shape.channels] else {
            throw TrainingError(
                "the images of \(dataset.name) are \(shape), those of \(model.manifest.model) are "
                    + image.map(String.init).joined(separator: "x"),
                help: "choose other data with --data, or a model for images of \(shape)")
        }
        guard dataset.classes <= model.manifest.classes else {
            throw TrainingError(
                "\(dataset.name) has \(dataset.classes) classes, \(model.manifest.model) has \(model.manifest.classes)",
                help: "choose other data with --data, or a model of \(dataset.classes) classes")
        }
        if let stored = dataset.stored, stored.labels.isEmpty {
            throw TrainingError("\(dataset.name) has no examples", help: "choose other data with --data")
        }
    }

    /// The examples of step `step`; they stay where they are until the next call.
    func batch(step: Int) throws -> ExampleBatch {
        let first = step * rowsPerStep
        guard let count = dataset.stored?.labels.count else {
            dataset.fill(rows: first..<first + rowsPerStep, pixels: pixels, labels: labels)
            return ExampleBatch(images: .bytes(pixels.baseAddress!), labels: labels.baseAddress!, count: rowsPerStep)
        }
        for place in 0..<rowsPerStep {
            let example = first + place
            if example / count != epoch {
                epoch = example / count
                order = try model.permutation(epoch: epoch, count: count)
            }
            rows[place] = order[example % count]
        }
        return ExampleBatch(
            images: .bytes(pixels.baseAddress!), labels: labels.baseAddress!, count: count, rows: rows.baseAddress!)
    }
}
