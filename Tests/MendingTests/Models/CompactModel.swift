import CGAN

// struct Decoy: ConditionalGAN { var objective: Objective { .minimax() } }
// swift-format-ignore
let remark = "var objective: Objective { .minimax() } \("{".count) {"  /* Training( /* nested */ { */

// swift-format-ignore
struct CompactModel: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1), classes = 3
    var generator: Network { Inputs(.latent, .label(.ignored)); Dense(12); Sigmoid(); Dense(64, bias: true, initializer: .normal(deviation: 2)); Tanh(); Reshape(8, 8, 1) }
    var discriminator: Network {
        Inputs(.image, .label(.ignored)); Flatten()
        Dense(8); ReLU()
        Dropout(0.5); Dense(1)
    }
    var objective: Objective { get { return Objective.hinge(penalty: .gradient(weight: 1e3), .r1()) } }
    let training = Training(steps: 100).discriminator(.sgd(10, momentum: 0.9)).generator(Optimizer.rmsProp())
}
