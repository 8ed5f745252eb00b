import CGAN
import Compiler
import Graph
import Lowering
import Testing

/// A critic whose loss is its penalty alone, at images and labels of the batch: no generator takes part.
private struct PenaltyOnly: ConditionalGAN {
    var isConvolutional = true
    let images = ImageShape(height: 28, width: 28, channels: 1)
    let classes = 10

    var generator: Network {
        Inputs(.latent, .label(.ignored))
        Dense(784)
        Reshape(28, 28, 1)
    }

    var discriminator: Network {
        if isConvolutional {
            Inputs(.image, .label(.embeddedPlane))
            for channels in [16, 32] {
                Conv(channels, kernel: 4, stride: 2)
                LeakyReLU(0.2)
            }
        } else {
            Inputs(.image, .label(.oneHot))
            for width in [64, 32, 16] {
                Dense(width)
                LeakyReLU(0.2)
            }
        }
        Dense(1)
    }

    func objective(_ batch: Batch) -> Losses {
        let slopes = gradient(of: discriminator(batch.images, batch.labels), wrt: batch.images)
        let penalty = 10 * mean(square(norm(slopes, per: .example) - 1))
        return Losses(discriminator: penalty, generator: mean(generator(batch.latent, batch.labels)))
    }
}

@Suite("Contractions of the penalty")
struct PenaltyCountTests {
    @Test(
        "the whole penalty of an L-layer piecewise-linear critic, weights' gradients included, takes at most 4L contractions",
        arguments: [(true, 3), (false, 4)])
    func counts(isConvolutional: Bool, layers: Int) throws {
        let program = try Program(PenaltyOnly(isConvolutional: isConvolutional))
        let compilation = try Compilation(program)
        let kernels = compilation.lowered.phases[0].function.kernels
        let contractions = kernels.filter { $0.contractionFLOPs > 0 }
        #expect(contractions.count <= 4 * layers, "\(contractions.map(\.name))")
        #expect(contractions.count > 2 * layers)
    }
}
