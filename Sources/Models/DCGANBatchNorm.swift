import CGAN

/// Convolutional networks with batch normalisation in the generator, the non-saturating loss and smoothed targets
/// (Radford 2016; Salimans 2016).
struct DCGANBatchNorm: ConditionalGAN {
    let name = "dcgan-bn-bce"
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(7 * 7 * 128)
        Reshape(7, 7, 128)
        BatchNorm()
        ReLU()
        ConvTranspose(64, kernel: 4, stride: 2)
        BatchNorm()
        ReLU()
        ConvTranspose(1, kernel: 4, stride: 2)
        Tanh()
    }

    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        for channels in [64, 128] {
            Conv(channels, kernel: 4, stride: 2)
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
            .average(.generator, decay: 0.999)
    }
}
