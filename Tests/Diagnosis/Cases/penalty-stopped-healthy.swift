// expect: nothing
import CGAN

@main struct PenaltyStopped: ConditionalGAN {
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
        let between = mix(batch.images, generated, by: batch.uniform(perExample: "alpha"))
        let slopes = gradient(of: discriminator(between, batch.labels), wrt: between)
        let slope = norm(slopes, per: .example)
        let penalty = 10 * mean(square(slope - 1))
        return Losses(
            discriminator: mean(fake) - mean(real) + penalty, generator: -mean(fake),
            tracking: ["slope": mean(slope)])
    }

    var training: Training { Training(batch: 8) }
}
