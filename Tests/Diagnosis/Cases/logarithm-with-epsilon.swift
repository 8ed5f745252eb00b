// expect: GZ010 at 30:37
// A number is added below the logarithm of a sigmoid against log(0): the gradient fades below a logit of -18.4.
import CGAN

@main struct LogarithmWithEpsilon: ConditionalGAN {
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
        Sigmoid()
    }

    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        return Losses(
            discriminator: -mean(log(real + 1e-8)) - mean(log(1 - fake)),
            generator: -mean(log(fake)))
    }

    var training: Training { Training(batch: 8) }
}
