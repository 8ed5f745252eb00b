public import Datasets
import Native
import Training

/// A few real examples of each class, to hold generated ones against.
public struct RealSamples: Sendable {
    /// Examples of one class.
    static let perClass = 24
    /// Classes looked at; a model of more shows its first ones.
    static let classLimit = 20
    /// For each class its examples, each of all pixels in −1 … 1; empty for a class that the data lack.
    let classes: [[[Float]]]
    /// The classes of which there are enough, in order.
    let held: [Int]
    /// How far pixels of a class deviate from their mean, as a root of the mean square.
    let deviation: Double
    /// Names the classes of generated images.
    let judge: NearestExamples

    /// Examples from all over `dataset`.
    public init(_ dataset: any Dataset) {
        let count = min(dataset.classes, Self.classLimit)
        let size = dataset.imageShape.sampleCount
        var classes = [[[Float]]](repeating: [], count: count)
        for row in dataset.evenRows(dataset.classes * Self.perClass * 4) {
            let example = dataset.batch(rows: row..<row + 1)
            let label = Int(example.labels[0])
            guard label < count, classes[label].count < Self.perClass else { continue }
            classes[label].append(example.pixels[..<size].map { Float($0) / 127.5 - 1 })
        }
        self.init(classes)
    }

    /// The given examples of each class.
    init(_ classes: [[[Float]]]) {
        self.classes = classes
        held = classes.indices.filter { classes[$0].count > 1 }
        judge = NearestExamples(
            images: classes.flatMap { $0.flatMap { $0 } },
            labels: classes.indices.flatMap { [Int32](repeating: Int32($0), count: classes[$0].count) },
            pixels: classes.lazy.compactMap(\.first).first?.count ?? 0)
        var (sum, pixels) = (0.0, 0)
        for images in held.map({ classes[$0] }) {
            for pixel in images[0].indices {
                let mean = images.reduce(0) { $0 + $1[pixel] } / Float(images.count)
                for image in images { sum += Double((image[pixel] - mean) * (image[pixel] - mean)) }
            }
            pixels += images.count * images[0].count
        }
        deviation = (sum / Double(max(1, pixels))).squareRoot()
    }

    /// As many images of each class as `model` draws now; the same latents each time.
    func images(of model: NativeModel) throws -> GeneratedSamples {
        let labels = held.flatMap { [Int32](repeating: Int32($0), count: Self.perClass) }
        let values = try model.sample(labels: labels, stream: 1, useAverage: false)
        let pixels = model.manifest.image.reduce(1, *)
        return GeneratedSamples(
            classes: held.indices.map { place in
                (place * Self.perClass..<(place + 1) * Self.perClass).map { index in
                    Array(values[index * pixels..<(index + 1) * pixels])
                }
            })
    }
}

/// Images that a generator drew: for each class of ``RealSamples/held``, each of all pixels in −1 … 1.
struct GeneratedSamples {
    var classes: [[[Float]]]

    /// The root of the mean square by which pixels differ from those of `other`, drawn from the same latents.
    func change(from other: GeneratedSamples) -> Double {
        var (sum, count) = (0.0, 0)
        for (images, others) in zip(classes, other.classes) {
            for (image, other) in zip(images, others) {
                let distance = Double(pixelDistance(image, other))
                sum += distance * distance
                count += image.count
            }
        }
        return (sum / Double(max(1, count))).squareRoot()
    }
}

/// How generated images compare with real ones of their class. It depends on no network and no loss, so that models
/// trained by different ones can be compared.
public struct SampleQuality: Hashable, Sendable {
    /// The share of generated images whose nearest real examples are of their own class, as ``NearestExamples`` has it.
    public var agreement: Double
    /// The energy distance of generated from real images of a class (Székely & Rizzo 2013), as a part of the mean distance
    /// between the two, over all classes: 0 where both are alike, near 1 where they have nothing in common.
    public var distance: Double

    init(agreement: Double, distance: Double) {
        self.agreement = agreement
        self.distance = distance
    }

    /// The comparison of `generated` with real images.
    init(of generated: GeneratedSamples, beside real: RealSamples) {
        let images = generated.classes.flatMap { $0 }
        let labels = zip(real.held, generated.classes).flatMap { [Int32](repeating: Int32($0), count: $1.count) }
        agreement = real.judge.agreement(of: images.flatMap { $0 }, with: labels)
        var distances = 0.0
        for (label, images) in zip(real.held, generated.classes) {
            let between = meanDistance(images, real.classes[label])
            let within = meanDistance(of: images) + meanDistance(of: real.classes[label])
            distances += between > 0 ? max(0, 2 * between - within) / (2 * between) : 0
        }
        distance = real.held.isEmpty ? 0 : distances / Double(real.held.count)
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
