import CGAN

/// A model whose losses are written out, in an extension, and whose settings are the usual ones.
struct WrittenModel {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
}

extension WrittenModel: ConditionalGAN {
    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Whisper(1e-6)
        for width in [16, 32] {
            Dense(width)
            Tanh()
        }
        Dense(64)
        Reshape(8, 8, 1)
    }

    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Flatten()
        Residual {
            Dense(67)
            ReLU()
        }
        Dense(1)
        Sigmoid()
    }

    func objective(_ batch: Batch) -> Losses {
        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
        let real = discriminator(batch.images, batch.labels)
        return Losses(discriminator: mean(fake) - mean(real), generator: -mean(fake))
    }
}

/// Hardly anything of its operand.
struct Whisper: Layer {
    let factor: Double
    let location: Location
    init(_ factor: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.factor = factor
        location = Location(fileID: fileID, line: line, column: column)
    }
    func apply(to x: Tensor, in context: LayerContext) -> Tensor { factor * x }
}
