import CGAN
import Graph
import Testing

/// Layers evaluated in double precision against their definitions.
@Suite("What layers compute")
struct LayerValueTests {
    /// The mean score of a discriminator whose layers after Inputs are `layers`, then summed by a Dense of ones.
    private func score(
        label: Inputs.Label = .ignored, images: [Double], feeds: [String: TensorValue] = [:],
        @NetworkBuilder _ layers: @escaping () -> Network
    ) throws -> Double {
        var model = SmallModel(discriminator: {
            Network(layers: [Inputs(.image, .label(label))] + layers().layers + [Dense(1, bias: false)])
        })
        model.images = ImageShape(height: 2, width: 2, channels: 1)
        model.makeGenerator = {
            Network {
                Inputs(.latent, .label(.oneHot))
                Dense(4)
                Reshape(2, 2, 1)
            }
        }
        model.training = Training(batch: 1)
        var feeds = feeds
        feeds["images"] = TensorValue([1, 2, 2, 1], images)
        feeds["labels"] = TensorValue([1], [2])
        return try Program(model).graph(of: "discriminator").evaluated(feeds) { _, _ in 1 }["real"]!.scalar
    }

    @Test("dense layers multiply and add the bias")
    func dense() throws {
        let weight = TensorValue([4, 2], [1, 10, 2, 20, 3, 30, 4, 40])
        let bias = TensorValue([2], [0.5, 0.25])
        let found = try score(
            images: [1, 1, 1, 2], feeds: ["discriminator.dense1.weight": weight, "discriminator.dense1.bias": bias]
        ) { Dense(2) }
        #expect(found == 14.5 + 140.25)
    }

    @Test("a transposed convolution of stride 2 spreads each pixel over its window")
    func transposedConvolution() throws {
        // Kernel 2, stride 2: no overlap, so every pixel is multiplied by all four weights.
        let weight = TensorValue([2, 2, 1, 1], [1, 2, 3, 4])
        let found = try score(images: [1, 2, 3, 4], feeds: ["discriminator.convTranspose1.weight": weight]) {
            ConvTranspose(1, kernel: 2, stride: 2, bias: false)
        }
        #expect(found == 100)
    }

    @Test("upsampling repeats each pixel, pooling undoes it")
    func resampling() throws {
        #expect(try score(images: [1, 2, 3, 4]) { Upsample(3) } == 90)
        let undone = try score(images: [1, 2, 3, 4]) {
            Upsample(3)
            AveragePool(3)
        }
        #expect(abs(undone - 10) < 1e-12)
        #expect(try score(images: [1, 2, 3, 4]) { MaxPool(2) } == 4)
        #expect(try score(images: [1, 2, 3, 4]) { GlobalAveragePool() } == 2.5)
    }

    @Test("a residual block adds its operand")
    func residual() throws {
        #expect(try score(images: [1, 2, 3, -4]) { Residual { ReLU() } } == 2 + 6)
    }

    @Test("layer normalisation gives mean 0 and variance 1 before scale and offset")
    func layerNorm() throws {
        let scale = TensorValue([1], [3])
        let offset = TensorValue([1], [0.5])
        let found = try score(
            images: [1, 1, 3, 3],
            feeds: ["discriminator.layerNorm1.scale": scale, "discriminator.layerNorm1.offset": offset]
        ) {
            LayerNorm(epsilon: 1e-12); ReLU()
        }
        #expect(abs(found - 2 * 3.5) < 1e-9)
    }

    @Test("the label plane is the last channel, the row of the label")
    func plane() throws {
        let planes = TensorValue([3, 4], (0..<12).map(Double.init))
        let weight = TensorValue([1, 1, 2, 1], [1, 100])
        let found = try score(
            label: .embeddedPlane, images: [0.5, 0.5, 0.5, 0.5],
            feeds: ["discriminator.labelPlane.weight": planes, "discriminator.conv1.weight": weight]
        ) { Conv(1, kernel: 1, bias: false) }
        #expect(found == 2 + 100 * (8 + 9 + 10 + 11))
    }

    @Test("a one-hot label follows the flattened image, and one-hot planes follow its channels")
    func oneHot() throws {
        let weight = TensorValue([7, 1], [1, 1, 1, 1, 10, 100, 1000])
        let vector = try score(
            label: .oneHot, images: [1, 2, 3, 4], feeds: ["discriminator.dense1.weight": weight]
        ) { Dense(1, bias: false) }
        #expect(vector == 1010)
        let kernel = TensorValue([1, 1, 4, 1], [1, 10, 100, 1000])
        let planes = try score(
            label: .oneHotPlanes, images: [1, 2, 3, 4], feeds: ["discriminator.conv1.weight": kernel]
        ) { Conv(1, kernel: 1, bias: false) }
        #expect(planes == 10 + 4 * 1000)
    }

    @Test("a projection adds the product of the label's row with the last features")
    func projection() throws {
        let table = TensorValue([3, 4], [0, 0, 0, 0, 0, 0, 0, 0, 1, 10, 100, 1000])
        let found = try score(
            label: .projection, images: [1, 2, 3, 4], feeds: ["discriminator.projection.weight": table]
        ) { Flatten() }
        #expect(found == 10 + 4321)
    }

    @Test("an embedding joins the label's row: after a vector at the entry, over all pixels within a network")
    func embeddings() throws {
        let table = TensorValue([3, 2], [0, 0, 0, 0, 10, 100])
        let entry = try score(
            label: .embedding(2), images: [1, 2, 3, 4], feeds: ["discriminator.embedding1.weight": table]
        ) { Flatten() }
        #expect(entry == 10 + 110)
        let within = try score(images: [1, 2, 3, 4], feeds: ["discriminator.embedding1.weight": table]) {
            Embedding(2)
        }
        #expect(within == 10 + 4 * 110)
    }

    @Test("dropout multiplies by its mask in training and leaves a sampler alone")
    func dropout() throws {
        let mask = TensorValue([1, 2, 2, 1], [0, 2, 2, 0])
        let found = try score(images: [1, 2, 3, 4], feeds: ["discriminator.dropout1.real": mask]) { Dropout(0.5) }
        #expect(found == 10)
        let program = try Program(
            SmallModel(generator: {
                Network {
                    Inputs(.latent, .label(.oneHot))
                    Dense(16)
                    Dropout(0.5)
                    Reshape(4, 4, 1)
                }
            }))
        #expect(program.sampler.drawNames.isEmpty)
        #expect(program.graph(of: "generator").drawNames.contains("generator.dropout1"))
    }
}
