import CGAN

/// Dense networks, the Wasserstein loss with a gradient penalty (Gulrajani 2017).
struct MLPWassersteinPenalty: ConditionalGAN {
    let name = "mlp-wgan-gp"
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        for width in [256, 512, 1024] {
            Dense(width)
            LeakyReLU(0.2)
        }
        Dense(28 * 28)
        Tanh()
        Reshape(28, 28, 1)
    }

    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        for width in [1024, 512, 256] {
            Dense(width)
            LeakyReLU(0.2)
        }
        Dense(1)
    }

    var objective: Objective {
        .wasserstein(penalty: .gradient(weight: 10))
    }

    var training: Training {
        Training(batch: 64, steps: 20_000, seed: 7)
            .discriminator(.adam(1e-4, beta1: 0, beta2: 0.9))
            .generator(.adam(1e-4, beta1: 0, beta2: 0.9))
    }
}
