// expect: M013 at 26:38
// The same with the preset is refused as the objective is read.
import CGAN

@main struct SigmoidUnderPreset: ConditionalGAN {
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

    var objective: Objective { .hinge() }

    var training: Training { Training(batch: 8) }
}
