// expect: GZ217 within 400 steps
// https://github.com/labmlai/annotated_deep_learning_paper_implementations/issues/107
import CGAN

@main struct LatentHardlySeen: ConditionalGAN {
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.ignored))
        Scale(1e-6)
        Concatenate(.label)
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

/// Multiplies by a fixed number.
struct Scale: Layer {
    let factor: Double
    let location: Location

    init(_ factor: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.factor = factor
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor { factor * x }
}
