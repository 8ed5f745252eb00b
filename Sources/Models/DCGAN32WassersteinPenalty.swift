import CGAN

/// The convolutional pair for colour images of 32 × 32 pixels, one layer deeper, with the Wasserstein loss and a gradient
/// penalty.
public struct DCGAN32WassersteinPenalty: ConditionalGAN {
    public let name = "dcgan32-wgan-gp"
    public let images = ImageShape(height: 32, width: 32, channels: 3)
    public let classes = 10

    public var generator: Network {
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

    public var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        for channels in [64, 128, 256] {
            Conv(channels, kernel: 4, stride: 2)
            LeakyReLU(0.2)
        }
        Dense(1)
    }

    public var objective: Objective {
        .wasserstein(penalty: .gradient(weight: 10))
    }

    public var training: Training {
        Training(batch: 64, steps: 20_000, seed: 7)
            .discriminator(.adam(1e-4, beta1: 0.5, beta2: 0.9))
            .generator(.adam(1e-4, beta1: 0.5, beta2: 0.9))
            .average(.generator, decay: 0.999)
    }

    public init() {}
}
