import CGAN

/// The convolutional pair for colour images of 32 × 32 pixels, one layer deeper, with the Wasserstein loss and a gradient
/// penalty.
struct DCGAN32WassersteinPenalty: ConditionalGAN {
    let name = "dcgan32-wgan-gp"
    let images = ImageShape(height: 32, width: 32, channels: 3)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(4 * 4 * 256)
        ReLU()
        Reshape(4, 4, 256)
        ConvTranspose(128, kernel: 4, stride: 2)
        ReLU()
        ConvTranspose(64, kernel: 4, stride: 2)
        ReLU()
        ConvTranspose(3, kernel: 4, stride: 2)
        Tanh()
    }

    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        for channels in [64, 128, 256] {
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
