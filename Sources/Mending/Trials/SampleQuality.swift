public import Datasets
import Native

/// A few real examples of each class, to hold generated ones against.
public struct RealSamples: Sendable {
    /// Examples of one class.
    static let perClass = 24
    /// Classes looked at; a model of more shows its first ones.
    static let classLimit = 20
    /// For each class its examples, each of all pixels in −1 … 1; empty for a class that the data lack.
    let classes: [[[Float]]]

    /// Examples from all over `dataset`.
    public init(_ dataset: any Dataset) {
        let count = min(dataset.classes, Self.classLimit)
        let size = dataset.imageShape.sampleCount
        var classes = [[[Float]]](repeating: [], count: count)
        let tries = dataset.classes * Self.perClass * 4
        let rows = dataset.count.map { all in
            // A folder may hold one class after the other.
            (0..<min(tries, all)).map { Int((Double($0) * Double(all) / Double(min(tries, all))).rounded(.down)) }
        }
        for row in rows ?? Array(0..<tries) {
            let example = dataset.batch(rows: row..<row + 1)
            let label = Int(example.labels[0])
            guard label < count, classes[label].count < Self.perClass else { continue }
            classes[label].append(example.pixels[..<size].map { Float($0) / 127.5 - 1 })
        }
        self.classes = classes
    }
}

/// How generated images compare with real ones of their class. It depends on no network and no loss, so that models
/// trained by different ones can be compared.
public struct SampleQuality: Hashable, Sendable {
    /// The share of generated images that are nearer to the mean of their own class than to that of any other.
    public var agreement: Double
    /// The energy distance of generated from real images of a class (Székely & Rizzo 2013), as a part of the mean distance
    /// between the two, over all classes: 0 where both are alike, near 1 where they have nothing in common.
    public var distance: Double

    init(of model: NativeModel, beside real: RealSamples) throws {
        let held = real.classes.indices.filter { real.classes[$0].count > 1 }
        let labels = held.flatMap { [Int32](repeating: Int32($0), count: RealSamples.perClass) }
        let pixels = model.manifest.image.reduce(1, *)
        let images = try model.sample(labels: labels, stream: 1, useAverage: false)
        let generated = held.indices.map { place in
            (place * RealSamples.perClass..<(place + 1) * RealSamples.perClass).map { index in
                Array(images[index * pixels..<(index + 1) * pixels])
            }
        }
        self.init(generated: generated, real: held.map { real.classes[$0] })
    }

    /// The comparison of images of each class, at least two of each.
    init(generated: [[[Float]]], real: [[[Float]]]) {
        let means = real.map { images in
            images[0].indices.map { pixel in images.reduce(0) { $0 + $1[pixel] } / Float(images.count) }
        }
        var (agreeing, count, distances) = (0, 0, 0.0)
        for (label, images) in generated.enumerated() {
            for image in images {
                let nearest = means.indices.min { pixelDistance(image, means[$0]) < pixelDistance(image, means[$1]) }
                agreeing += nearest == label ? 1 : 0
                count += 1
            }
            let between = meanDistance(images, real[label])
            let within = meanDistance(of: images) + meanDistance(of: real[label])
            distances += between > 0 ? max(0, 2 * between - within) / (2 * between) : 0
        }
        agreement = count == 0 ? 0 : Double(agreeing) / Double(count)
        distance = generated.isEmpty ? 0 : distances / Double(generated.count)
    }
}

private func pixelDistance(_ x: [Float], _ y: [Float]) -> Float {
    var sum: Float = 0
    for (a, b) in zip(x, y) { sum += (a - b) * (a - b) }
    return sum.squareRoot()
}

/// The mean distance of an element of `xs` from one of `ys`.
private func meanDistance(_ xs: [[Float]], _ ys: [[Float]]) -> Double {
    var sum = 0.0
    for x in xs { for y in ys { sum += Double(pixelDistance(x, y)) } }
    return sum / Double(xs.count * ys.count)
}

/// The mean distance of two different elements.
private func meanDistance(of xs: [[Float]]) -> Double {
    var sum = 0.0
    for (index, x) in xs.enumerated() { for y in xs[..<index] { sum += Double(pixelDistance(x, y)) } }
    return sum / Double(xs.count * (xs.count - 1) / 2)
}
