import CGAN

/// Convolutional networks, the Wasserstein loss with a gradient penalty, and the label as a learned plane beside the image
/// (Radford 2016; Gulrajani 2017).
struct DCGANWassersteinPenalty: ConditionalGAN {
    let name = "dcgan-wgan-gp"
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(7 * 7 * 128)
        ReLU()
        Reshape(7, 7, 128)
        ConvTranspose(64, kernel: 4, stride: 2)
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
        .wasserstein(penalty: .gradient(weight: 10))
    }

    var training: Training {
        Training(batch: 64, steps: 20_000, seed: 7)
            .discriminator(.adam(1e-4, beta1: 0.5, beta2: 0.9))
            .generator(.adam(1e-4, beta1: 0.5, beta2: 0.9))
            .average(.generator, decay: 0.999)
    }
}
