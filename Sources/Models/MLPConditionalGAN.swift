import CGAN

/// Dense networks, the non-saturating loss on logits, smoothed targets (Mirza 2014; Goodfellow 2014; Salimans 2016).
struct MLPConditionalGAN: ConditionalGAN {
    let name = "mlp-cgan"
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
        .nonSaturating(smoothing: .uniform(real: 0.7...1, fake: 0...0.3))
    }

    var training: Training {
        Training(batch: 64, steps: 20_000, seed: 7)
            .discriminator(.adam(2e-4, beta1: 0.5, beta2: 0.999))
            .generator(.adam(2e-4, beta1: 0.5, beta2: 0.999))
    }
}
