// expect: M013 at 30:51
// The loss expects probabilities, and Dense(1) gives logits.
// After https://github.com/YunYang1994/TensorFlow2.0-Examples/issues/63.
import CGAN

@main struct LogitsAsProbabilities: ConditionalGAN {
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
    }

    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        return Losses(
            discriminator: mean(binaryCrossEntropy(probabilities: real, targets: 1))
                + mean(crossEntropy(logits: fake, targets: 0)),
            generator: mean(crossEntropy(logits: fake, targets: 1)))
    }

    var training: Training { Training(batch: 8) }
}
