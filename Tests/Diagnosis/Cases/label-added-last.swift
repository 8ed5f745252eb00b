// expect: GZ005 at 29:55
// The label shifts the score by a number of its own, the same for real and for generated images: the loss subtracts it.
import CGAN

@main struct LabelAddedLast: ConditionalGAN {
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
        Inputs(.image, .label(.ignored))
        Conv(8, kernel: 4, stride: 2)
        LeakyReLU(0.2)
        Dense(1)
        JoinLabel()
    }

    func objective(_ batch: Batch) -> Losses {
        let real = discriminator(batch.images, batch.labels)
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        return Losses(discriminator: mean(fake) - mean(real), generator: -mean(fake))
    }

    var training: Training { Training(batch: 8) }
}

/// Adds a learned number of the label.
struct JoinLabel: Layer {
    let location: Location

    init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard let labels = context.labels else { return x }
        let table = context.parameter(
            "weight", [1, context.classes], layout: "1,class", from: .normal(deviation: 1))
        let shift = sum(oneHot(labels, classes: context.classes) * table, over: [1])
        return x + reshape(shift, to: [x.shape[0]] + Array(repeating: 1, count: x.rank - 1))
    }
}
