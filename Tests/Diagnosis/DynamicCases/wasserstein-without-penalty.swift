// expect: GZ209 within 400 steps
// Neither a penalty nor clipped weights: the critic's scores, and the gradient that comes from them, grow without end.
// https://github.com/archsyscall/GANs-TensorFlow2/issues/2
import CGAN

@main struct WassersteinWithoutPenalty: ConditionalGAN {
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

    var objective: Objective { .wasserstein() }

    var training: Training {
        Training(batch: 32, steps: 400)
            .discriminator(.adam(1e-3), updatesPerStep: 5)
    }
}
