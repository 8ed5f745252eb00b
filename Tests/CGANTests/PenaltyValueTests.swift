import Graph
import Testing

@testable import CGAN

/// Penalties of critics that are not linear, against slopes found without the compiler's derivatives.
@Suite struct PenaltyValueTests {
    private let model = TestModel().with {
        $0.objective = .wasserstein(penalty: .gradient(weight: 10), .r1(gamma: 4), .r2(gamma: 6))
    }

    private func convolutional() -> TestModel {
        model.with {
            $0.discriminator = Network {
                Inputs(.image, .label(.embeddedPlane))
                Conv(3, kernel: 3, stride: 2)
                Softplus()
                LayerNorm()
                Dense(4)
                ELU()
                Dense(1)
            }
        }
    }

    /// The points where slopes are taken: between the images and the generated ones, the images, the generated ones.
    private func points(_ model: TestModel, _ feeds: [String: TensorValue]) throws -> [TensorValue] {
        let sampler = try Program(model).sampler
        let fake = try #require(try sampler.values(feeds)["images"])
        let real = try #require(feeds["images"])
        let alpha = try #require(feeds["alpha"])
        let perExample = real.elements.count / alpha.elements.count
        let between = zip(real.elements, fake.elements).enumerated().map { index, pair in
            let share = alpha.elements[index / perExample]
            return share * pair.0 + (1 - share) * pair.1
        }
        return [TensorValue(real.shape, between), real, fake]
    }

    /// What the terms come to, given the squared norm of each example's slope at the three points.
    private func terms(_ squares: [[Double]]) -> [String: Double] {
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let slopes = squares[0].map { $0.squareRoot() }
        return [
            "slope": mean(slopes), "penalty": 10 * mean(slopes.map { ($0 - 1) * ($0 - 1) }), "r1": 2 * mean(squares[1]),
            "r2": 3 * mean(squares[2]),
        ]
    }

    @Test("a dense critic's penalties are those of W₁ · (leaky' ∘ w₂)", arguments: 1...3 as ClosedRange<UInt64>)
    func dense(seed: UInt64) throws {
        let graph = try Program(model).phase("discriminator").graph
        let feeds = graph.feeds(seed: seed)
        let (w1, b1, w2) = (
            feeds["discriminator.dense1.weight"]!, feeds["discriminator.dense1.bias"]!,
            feeds["discriminator.dense2.weight"]!
        )
        let units = w2.elements.count
        let squares = try points(model, feeds).map { images in
            (0..<6).map { example in
                let pixels = images.elements[example * 32..<(example + 1) * 32]
                let label = Int(feeds["labels"]!.elements[example])
                let cotangents = (0..<units).map { unit in
                    var sum = b1.elements[unit] + w1.elements[(32 + label) * units + unit]
                    for (row, pixel) in pixels.enumerated() { sum += pixel * w1.elements[row * units + unit] }
                    return w2.elements[unit] * (sum > 0 ? 1 : 0.2)
                }
                return (0..<32).map { row in
                    let slope = (0..<units).map { w1.elements[row * units + $0] * cotangents[$0] }.reduce(0, +)
                    return slope * slope
                }.reduce(0, +)
            }
        }
        let values = try graph.values(feeds)
        for (name, expected) in terms(squares) {
            #expect(agree(try #require(values[name]).scalar, expected, to: 1e-9), "\(name)")
        }
        let sum = ["penalty", "r1", "r2"].map { values[$0]!.scalar }.reduce(0, +)
        #expect(agree(values["loss"]!.scalar, values["fake"]!.scalar - values["real"]!.scalar + sum, to: 1e-9))
    }

    @Test("a convolutional critic's penalties are those of central differences")
    func convolutions() throws {
        let model = convolutional()
        let graph = try Program(model).phase("discriminator").graph
        let feeds = graph.feeds(seed: 5)
        let critic = AppliedLayers([6, 4, 4, 2], { model.discriminator })
        func scores(_ images: TensorValue) throws -> [Double] {
            try critic.graph.values(feeds.merging(["x": images]) { $1 })["y"]!.elements
        }
        let squares = try points(model, feeds).map { images in
            var squares = [Double](repeating: 0, count: 6)
            for pixel in 0..<32 {
                let differences = try [1e-5, -1e-5].map { step in
                    var moved = images
                    for example in 0..<6 { moved.elements[example * 32 + pixel] += step }
                    return try scores(moved)
                }
                for example in 0..<6 {
                    let slope = (differences[0][example] - differences[1][example]) / 2e-5
                    squares[example] += slope * slope
                }
            }
            return squares
        }
        let values = try graph.values(feeds)
        for (name, expected) in terms(squares) {
            #expect(agree(try #require(values[name]).scalar, expected, to: 1e-7), "\(name)")
        }
    }

    @Test("a transposed convolution is the adjoint of the convolution with the same weights")
    func adjoint() throws {
        for (size, padding) in [(6, Padding.same), (9, .valid), (7, .explicit(top: 1, bottom: 1, left: 1, right: 1))] {
            let down = AppliedLayers([2, size, size, 3]) {
                Conv(4, kernel: 3, stride: 2, padding: padding, bias: false)
            }
            let up = AppliedLayers(Shape(down.shape)) {
                ConvTranspose(3, kernel: 3, stride: 2, padding: padding, bias: false)
            }
            #expect(up.shape == [2, size, size, 3])
            var feeds = down.feeds()
            let weight = feeds["discriminator.conv1.weight"]!
            let y = up.feeds(seed: 9)["x"]!
            let convolved = try down.graph.values(feeds)["y"]!
            let x = feeds["x"]!
            feeds = ["x": y, "discriminator.convTranspose1.weight": weight]
            let transposed = try up.graph.values(feeds)["y"]!
            func product(_ a: TensorValue, _ b: TensorValue) -> Double {
                zip(a.elements, b.elements).map(*).reduce(0, +)
            }
            #expect(agree(product(convolved, y), product(x, transposed), to: 1e-12))
        }
    }
}
