import CGAN

/// What the article's second listing computes where `[B, 1]` and `[B]` are stretched to `[B, B]`, as NumPy's rules do:
/// every output against the target of every example.
struct PrintedTargetsStretched: ConditionalGAN {
    let name = "printed-targets-stretched"
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
        let ones = batch.uniform("targets.real", shape: [1, batch.size], in: 0.7..<1)
        let zeros = batch.uniform("targets.fake", shape: [1, batch.size], in: 0..<0.3)
        return Losses(
            discriminator: -mean(ones * log(real + 1e-7) + (1 - ones) * log(1 - real + 1e-7))
                - mean(zeros * log(fake + 1e-7) + (1 - zeros) * log(1 - fake + 1e-7)),
            generator: mean(binaryCrossEntropy(probabilities: fake, targets: 1)))
    }

    var training: Training {
        Training(batch: 64, steps: 10_000, seed: 7)
            .discriminator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
            .generator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
    }
}
