// expect: nothing
import CGAN

@main struct PooledInstanceNorm: ConditionalGAN {
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
        InstanceNorm()
        LeakyReLU(0.2)
        GlobalAveragePool()
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

/// Normalises each channel of each example over its pixels.
struct InstanceNorm: Layer {
    let location: Location

    init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        let shape = [x.shape[0], 1, 1, x.shape[3]]
        let centred = x - reshape(mean(x, over: [1, 2]), to: shape)
        let variance = reshape(mean(square(centred), over: [1, 2]), to: shape)
        return centred / sqrt(variance + 1e-5)
    }
}
