// expect: nothing
import CGAN

@main struct MaskOfZeros: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(32)
        ReLU()
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }

    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        Conv(8, kernel: 4, stride: 2)
        LeakyReLU(0.2)
        Mask(drop: 0)
        Dense(1)
    }

    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        return Losses(
            discriminator: mean(softplus(-real)) + mean(softplus(fake)),
            generator: mean(softplus(-fake)))
    }

    var training: Training { Training(batch: 8) }
}

/// Keeps each element with a probability.
struct Mask: Layer {
    let keep: Double
    let location: Location

    init(drop: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        keep = 1 - drop
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        x * context.random(.bernoulli(probability: keep, value: 1), x.shape)
    }
}
