import CGAN

/// Dense networks, the Wasserstein loss with a gradient penalty (Gulrajani 2017).
public struct MLPWassersteinPenalty: ConditionalGAN {
    public let name = "mlp-wgan-gp"
    public let images = ImageShape(height: 28, width: 28, channels: 1)
    public let classes = 10

    public var generator: Network {
        Inputs(.latent, .label(.oneHot))
        for width in [256, 512, 1024] {
            Dense(width)
            LeakyReLU(0.2)
        }
        Dense(28 * 28)
        Tanh()
        Reshape(28, 28, 1)
    }

    public var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        for width in [1024, 512, 256] {
            Dense(width)
            LeakyReLU(0.2)
        }
        Dense(1)
    }

    public var objective: Objective {
        .wasserstein(penalty: .gradient(weight: 10))
    }

    public var training: Training {
        Training(batch: 64, steps: 20_000, seed: 7)
            .discriminator(.adam(1e-4, beta1: 0, beta2: 0.9))
            .generator(.adam(1e-4, beta1: 0, beta2: 0.9))
    }

    public init() {}
}
