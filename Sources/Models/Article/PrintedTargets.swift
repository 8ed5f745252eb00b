import CGAN

/// The article's second listing as printed: targets `[B]` for outputs `[B, 1]`.
struct PrintedTargets: ConditionalGAN {
    let name = "printed-targets"
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(7 * 7 * 64)
        ReLU()
        Reshape(7, 7, 64)
        ConvTranspose(32, kernel: 4, stride: 2)
        ReLU()
        ConvTranspose(1, kernel: 4, stride: 2)
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
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        let ones = batch.uniform("targets.real", shape: [batch.size], in: 0.7..<1)
        let zeros = batch.uniform("targets.fake", shape: [batch.size], in: 0..<0.3)
        return Losses(
            discriminator: mean(binaryCrossEntropy(probabilities: real, targets: ones))
                + mean(binaryCrossEntropy(probabilities: fake, targets: zeros)),
            generator: mean(binaryCrossEntropy(probabilities: fake, targets: 1)))
    }

    var training: Training {
        Training(batch: 64, steps: 10_000, seed: 7)
            .discriminator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
            .generator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
    }
}
