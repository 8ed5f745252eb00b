import CGAN

/// The article's third listing with as many axes as its framework takes, for colour images: the norm over rows and columns
/// alone leaves one norm for each channel.
struct PrintedNormOfTwoAxes: ConditionalGAN {
    let name = "printed-norm-of-two-axes"
    let images = ImageShape(height: 28, width: 28, channels: 3)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(7 * 7 * 64)
        ReLU()
        Reshape(7, 7, 64)
        ConvTranspose(32, kernel: 4, stride: 2)
        ReLU()
        ConvTranspose(3, kernel: 4, stride: 2)
        Tanh()
    }

    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        Conv(32, kernel: 4, stride: 2)
        LeakyReLU(0.2)
        Conv(64, kernel: 4, stride: 2)
        LeakyReLU(0.2)
        Dense(1)
        Sigmoid()
    }

    func objective(_ batch: Batch) -> Losses {
        let generated = generator(batch.latent, batch.labels)
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generated, batch.labels)
        let between = mix(batch.images, generated, by: batch.uniform(perExample: "alpha"))
        let slopes = gradient(of: discriminator(between, batch.labels), wrt: between)
        let slope = sqrt(sum(square(slopes), over: [1, 2]) + 1e-12)
        return Losses(
            discriminator: mean(binaryCrossEntropy(probabilities: real, targets: 1))
                + mean(binaryCrossEntropy(probabilities: fake, targets: 0)) + 10 * mean(square(slope - 1)),
            generator: mean(binaryCrossEntropy(probabilities: fake, targets: 1)),
            tracking: ["slope": mean(slope)])
    }

    var training: Training {
        Training(batch: 64, steps: 10_000, seed: 7)
            .discriminator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
            .generator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
    }
}
