import CGAN

/// ``ArticleOverpowered`` with the third listing's gradient penalty, on the logit.
struct ArticleOverpoweredPenalty: ConditionalGAN {
    let name = "article-overpowered-penalty"
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
        .minimax(penalty: .gradient(weight: 10))
    }

    var training: Training {
        Training(batch: 64, steps: 10_000, seed: 7)
            .discriminator(.adam(1e-3, beta1: 0.9, beta2: 0.999))
            .generator(.adam(1e-4, beta1: 0.9, beta2: 0.999))
    }
}
