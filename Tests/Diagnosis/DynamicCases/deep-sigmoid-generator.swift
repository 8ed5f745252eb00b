// expect: GZ208 within 400 steps
// Six sigmoids between layers: each multiplies the gradient by a quarter at most.
import CGAN

@main struct DeepSigmoidGenerator: ConditionalGAN {
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        for _ in 0..<6 {
            Dense(64)
            Sigmoid()
        }
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

    var objective: Objective { .nonSaturating(penalty: .r1(gamma: 10)) }

    var training: Training { Training(batch: 32, steps: 400) }
}
