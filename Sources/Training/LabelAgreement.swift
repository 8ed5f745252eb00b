import Datasets
import Native

/// Names the classes of images by the real examples nearest to them: a judge that no network of the game has a hand in.
public struct NearestExamples: Sendable {
    /// How many neighbours vote.
    static let voters = 5

    private let images: [Float]
    private let labels: [Int32]
    private let pixels: Int

    /// The given examples: `images` `[labels.count, height, width, channels]` in −1 ... 1, of `pixels` values each.
    public init(images: [Float], labels: [Int32], pixels: Int) {
        self.images = images
        self.labels = labels
        self.pixels = pixels
    }

    /// The examples `rows` of `dataset`.
    public init(_ dataset: any Dataset, rows: [Int]) {
        let values = dataset.values(of: rows)
        self.init(images: values.images, labels: values.labels, pixels: dataset.imageShape.sampleCount)
    }

    /// The class that most of the nearest examples have, by squared distance of pixels; that of the nearest of them
    /// where several have as many.
    ///
    /// - Parameter image: `[height, width, channels]` in −1 ... 1.
    public func label(of image: some Collection<Float>) -> Int32? {
        let image = Array(image)
        var nearest: [(distance: Float, label: Int32)] = []
        for row in labels.indices {
            let start = row * pixels
            var distance: Float = 0
            for pixel in 0..<pixels {
                let difference = image[pixel] - images[start + pixel]
                distance += difference * difference
            }
            guard nearest.count < Self.voters || distance < nearest[nearest.count - 1].distance else { continue }
            let place = nearest.firstIndex { distance < $0.distance } ?? nearest.count
            nearest.insert((distance, labels[row]), at: place)
            if nearest.count > Self.voters { nearest.removeLast() }
        }
        var votes: [Int32: Int] = [:]
        for neighbour in nearest { votes[neighbour.label, default: 0] += 1 }
        let most = votes.values.max()
        return nearest.first { votes[$0.label] == most }?.label
    }

    /// The share of `images` that have the class of `labels`.
    ///
    /// - Parameter images: `[labels.count, height, width, channels]` in −1 ... 1.
    public func agreement(of images: [Float], with labels: [Int32]) -> Double {
        let agreeing = labels.indices.count { index in
            label(of: images[index * pixels..<(index + 1) * pixels]) == labels[index]
        }
        return Double(agreeing) / Double(max(1, labels.count))
    }
}

/// How often images show the class that they are meant to, as the nearest real examples have it.
public struct LabelAgreement: Codable, Hashable, Sendable {
    /// Of images that the generator drew, as many of each class.
    public var generated: Double
    /// Of real images that are not among the neighbours: what can be reached.
    public var real: Double
    /// Of a generator that does not heed the label: one in so many classes.
    public var chance: Double

    /// An agreement of all its parts.
    public init(generated: Double, real: Double, chance: Double) {
        self.generated = generated
        self.real = real
        self.chance = chance
    }

    /// What `model` draws, judged by 2,000 examples of `dataset`, by default 20 images of each class.
    ///
    /// - Throws: `NativeError` if nothing can be drawn.
    public init(of model: NativeModel, on dataset: any Dataset, imagesPerClass: Int = 20) throws {
        let classes = model.manifest.classes
        let labels = (0..<classes).flatMap { [Int32](repeating: Int32($0), count: imagesPerClass) }
        let (known, others) = Self.rows(of: dataset, known: 2000, others: labels.count)
        let judge = NearestExamples(dataset, rows: known)
        generated = judge.agreement(of: try model.sample(labels: labels, stream: 1), with: labels)
        let unseen = dataset.values(of: others)
        real = others.isEmpty ? 1 : judge.agreement(of: unseen.images, with: unseen.labels)
        chance = 1 / Double(classes)
    }

    /// Rows from all over the set in two parts that have none in common: the examples that judge, and those that show what
    /// can be reached. Of an endless set the second part follows the first.
    static func rows(of dataset: any Dataset, known: Int, others: Int) -> (known: [Int], others: [Int]) {
        let rows = dataset.evenRows(known + others)
        guard dataset.count != nil else { return (Array(rows[..<known]), Array(rows[known...])) }
        let every = (known + others) / max(1, others)
        let held = rows.indices.filter { others > 0 && $0 % every == every - 1 }.prefix(others)
        let isHeld = Set(held)
        return (rows.indices.filter { !isHeld.contains($0) }.map { rows[$0] }, held.map { rows[$0] })
    }
}

extension Dataset {
    /// The examples `rows` as the networks see them, pixels in −1 ... 1.
    fileprivate func values(of rows: [Int]) -> (images: [Float], labels: [Int32]) {
        var (images, labels): ([Float], [Int32]) = ([], [])
        images.reserveCapacity(rows.count * imageShape.sampleCount)
        var start = rows.startIndex
        while start < rows.endIndex {
            // Neighbours are read at once.
            var end = start + 1
            while end < rows.endIndex, rows[end] == rows[end - 1] + 1 { end += 1 }
            let batch = batch(rows: rows[start]..<rows[end - 1] + 1)
            images += batch.pixels.map { Float($0) / 127.5 - 1 }
            labels += batch.labels
            start = end
        }
        return (images, labels)
    }
}
