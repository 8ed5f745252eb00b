// expect: GZ210 within 400 steps
// A bias that begins far below what weights and latents can bring: next to no unit is ever awake. It cannot be proved,
// since latents have no bound.
import CGAN

@main struct RectifierAsleep: ConditionalGAN {
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(128)
        Shift(-8)
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
