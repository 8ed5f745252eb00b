// expect: GZ010 at 27:51
// The textbook preset on probabilities: its clip is flat beyond a logit of 16.12.
// After https://github.com/soumith/ganhacks/issues/67.
import CGAN

@main struct ProbabilityPreset: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(32)
        ReLU()
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }

    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        Conv(8, kernel: 4, stride: 2)
        LeakyReLU(0.2)
        Dense(1)
        Sigmoid()
    }

    var objective: Objective { .binaryCrossEntropy() }

    var training: Training { Training(batch: 8) }
}
