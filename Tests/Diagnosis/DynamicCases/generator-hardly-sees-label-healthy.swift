// expect: nothing
import CGAN

@main struct GeneratorHardlySeesLabel: ConditionalGAN {
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.ignored))
        ScaledLabel(1)
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

    var objective: Objective { .nonSaturating(penalty: .r1(gamma: 1)) }

    var training: Training { Training(batch: 32, steps: 400) }
}

/// Joins the label as a one-hot vector times `scale`.
struct ScaledLabel: Layer {
    let scale: Double
    let location: Location

    init(_ scale: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.scale = scale
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard let labels = context.labels else { return x }
        return concatenate(flatten(x), scale * oneHot(labels, classes: context.classes))
    }
}
