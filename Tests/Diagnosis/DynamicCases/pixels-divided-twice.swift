// expect: GZ202 within 160 steps
// pixels: divided by 255
// Images that were scaled to 0 ... 1 before they were kept as bytes: all of them are nearly black.
import CGAN

@main struct PixelsDividedTwice: ConditionalGAN {
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

    var objective: Objective { .nonSaturating() }

    var training: Training { Training(batch: 32, steps: 400) }
}
