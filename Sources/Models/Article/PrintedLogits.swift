import CGAN

/// The article's first listing if its discriminator ends in Dense(1), as those of Keras' tutorials do: the loss expects
/// probabilities.
struct PrintedLogits: ConditionalGAN {
    let name = "printed-logits"
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
    }

    var objective: Objective {
        .binaryCrossEntropy()
    }

    var training: Training {
        Training(batch: 64, steps: 10_000, seed: 7)
            .discriminator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
            .generator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
    }
}
