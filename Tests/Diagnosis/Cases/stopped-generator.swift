// expect: GZ003 at 30:50
// The image that the generator's loss reads is detached, as discriminator steps are written elsewhere, so the generator
// never learns. After https://github.com/nikhilsinghmus/image2reverb/issues/37.
import CGAN

@main struct Stopped: ConditionalGAN {
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
        Dense(1)
    }

    func objective(_ batch: Batch) -> Losses {
        let generated = generator(batch.latent, batch.labels)
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generated, batch.labels)
        let detached = discriminator(stopGradient(generated), batch.labels)
        return Losses(
            discriminator: mean(softplus(-real)) + mean(softplus(fake)),
            generator: mean(softplus(-detached)))
    }

    var training: Training { Training(batch: 8) }
}
