// expect: GZ013 at 14:13
// A shift below every value that a tanh can have: the rectifier after it is never awake.
import CGAN

@main struct DeadRectifier: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(32)
        Tanh()
        Shift(-1.5)
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
            discriminator: mean(softplus(-real)) + mean(softplus(fake)),
            generator: mean(softplus(-fake)))
    }

    var training: Training { Training(batch: 8) }
}

/// Adds a learned number to each feature.
struct Shift: Layer {
    let beginning: Double
    let location: Location

    init(_ beginning: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.beginning = beginning
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        let bias = context.parameter("bias", [x.shape[1]], layout: "channel", from: .constant(beginning))
        return x + reshape(bias, to: [1, x.shape[1]])
    }
}
