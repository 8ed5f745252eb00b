// expect: GZ002 at 22:14
// A layer makes a parameter and does not use it.
import CGAN

@main struct ForgottenScale: ConditionalGAN {
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
        Scale()
        Dense(1)
    }

    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        return Losses(
            discriminator: mean(softplus(-real)) + mean(softplus(fake)),
            generator: mean(softplus(-fake)))
    }

    var training: Training { Training(batch: 8) }
}

/// A factor for each channel.
struct Scale: Layer {
    let location: Location

    init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        let scale = context.parameter("scale", [x.shape[3]], layout: "channel", from: .constant(1))
        _ = scale
        return x
    }
}
