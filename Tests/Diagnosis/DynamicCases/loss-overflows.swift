// expect: GZ201 within 400 steps
// An exponential of a logit, where a softplus is meant: one bad step is too much for a float.
import CGAN

@main struct LossOverflows: ConditionalGAN {
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(128)
        ReLU()
        Dense(28 * 28)
        Tanh()
        Reshape(28, 28, 1)
    }

    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Dense(128)
        LeakyReLU(0.2)
        Dense(1)
    }

    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        return Losses(
            discriminator: mean(exp(-real)) + mean(exp(fake)),
            generator: mean(exp(-fake)))
    }

    var training: Training {
        Training(batch: 32, steps: 400)
            .discriminator(.adam(0.02))
            .generator(.adam(0.02))
    }
}
