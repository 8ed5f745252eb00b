// expect: GZ217 within 400 steps
// Ten updates of the generator against a discriminator that hardly moves: all images of a class become the one it likes
// best.
// https://github.com/wiseodd/generative-models/issues/14
import CGAN

@main struct GeneratorUpdatedTooOften: ConditionalGAN {
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

    var objective: Objective { .hinge() }

    var training: Training {
        Training(batch: 32, steps: 400)
            .discriminator(.adam(2e-5))
            .generator(.adam(1e-3), updatesPerStep: 10)
    }
}
