// expect: GZ215 within 400 steps
// The critic is busy with its slope, and ranks the generated images first.
// https://github.com/Zeleni9/pytorch-wgan/issues/26
import CGAN

@main struct PenaltyFarTooLarge: ConditionalGAN {
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
        Dense(128)
        LeakyReLU(0.2)
        Dense(1)
    }

    var objective: Objective { .wasserstein(penalty: .gradient(weight: 1e5)) }

    var training: Training { Training(batch: 32, steps: 400) }
}
