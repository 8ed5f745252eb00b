// expect: M014 at 29:36
// Smoothed targets [B] against scores [B, 1] are refused as the loss is read. After the listing of the article that
// cganc answers.
import CGAN

@main struct TargetsWithoutAxis: ConditionalGAN {
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
        let targets = batch.uniform("targets", shape: [batch.size], in: 0.7..<1)
        return Losses(
            discriminator: mean(square(real - targets)) + mean(square(fake)),
            generator: mean(square(fake - 1)))
    }

    var training: Training { Training(batch: 8) }
}
