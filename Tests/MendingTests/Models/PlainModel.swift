import CGAN

/// A model as `cganc init` writes it.
struct PlainModel: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 8

    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(4 * 4 * 16)
        ReLU()
        Reshape(4, 4, 16)
        ConvTranspose(1, kernel: 4, stride: 2)
        Tanh()
    }

    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        for channels in [16, 32] {
            Conv(channels, kernel: 4, stride: 2, initializer: .normal(deviation: 0.02))
            BatchNorm()
            LeakyReLU(0.2)  // as published
        }
        Dense(1)
        Sigmoid()
    }

    var objective: Objective {
        .binaryCrossEntropy(smoothing: .uniform(real: 0.7...1, fake: 0...0.3))
    }

    var training: Training {
        Training(batch: 8, steps: 100, seed: 7)
            .discriminator(.adam(1e-2, beta1: 0.9), updatesPerStep: 5)
            .generator(.adam())
            .average(.generator, decay: 0.999)
    }
}
