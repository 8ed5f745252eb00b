// expect: nothing within 1500 steps
import CGAN

@main struct LearntByHeart: ConditionalGAN {
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(128)
        ReLU()
        Dense(28 * 28)
        Tanh()
        Reshape(28, 28, 1)
    }

    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Dense(256)
        LeakyReLU(0.2)
        Dense(256)
        LeakyReLU(0.2)
        Dense(1)
    }

    var objective: Objective { .nonSaturating() }

    var training: Training {
        Training(batch: 32, steps: 1500)
            .discriminator(.adam(2e-4))
            .generator(.adam(1e-3))
    }
}
