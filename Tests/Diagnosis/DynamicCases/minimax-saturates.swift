// expect: GZ203 within 400 steps
// Ten updates of the discriminator for each of the generator's: σ′ of its answers falls to 1e-3 and below, and the
// generator's gradient with it.
import CGAN

@main struct MinimaxSaturates: ConditionalGAN {
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

    var objective: Objective { .minimax() }

    var training: Training {
        Training(batch: 32, steps: 400)
            .discriminator(.adam(2e-4), updatesPerStep: 10)
    }
}
