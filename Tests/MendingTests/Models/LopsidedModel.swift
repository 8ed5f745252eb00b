import CGAN

/// A generator that is far smaller than its discriminator.
struct LopsidedModel: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(2)
        LeakyReLU(0.2)
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }

    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Dense(160)
        LeakyReLU(0.2)
        Dense(1)
    }

    var objective: Objective { .nonSaturating() }
}
