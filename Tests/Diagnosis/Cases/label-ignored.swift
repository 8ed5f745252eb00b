// expect: GZ004 at 19:15
// The discriminator is never told the label, so nothing asks the generator for the class it was given.
import CGAN

@main struct LabelIgnored: ConditionalGAN {
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
        Inputs(.image, .label(.ignored))
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
