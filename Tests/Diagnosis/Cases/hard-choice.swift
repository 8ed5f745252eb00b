// expect: GZ003 at 15:15
// The image is made of hard choices: a position has no gradient, and the generator never learns.
// After https://github.com/eriklindernoren/Keras-GAN/issues/61.
import CGAN

@main struct HardChoice: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(32)
        ReLU()
        Dense(64)
        Choice()
        Reshape(8, 8, 1)
    }

    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        Conv(8, kernel: 4, stride: 2)
        LeakyReLU(0.2)
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

/// Which pixel is lit.
struct Choice: Layer {
    let location: Location

    init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        oneHot(argmax(x), classes: 64)
    }
}
