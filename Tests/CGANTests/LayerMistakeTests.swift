import CGAN
import Testing

@Suite("Mistakes in layers")
struct LayerMistakeTests {
    /// One mistake in a discriminator for 4×4×1 images: what is written, and what is said of it.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let code: ModelError.Code
        let message: String
        /// Which layer is to blame.
        let layer: Int
        let network: @Sendable () -> Network
        var testDescription: String { message }

        init(
            _ code: ModelError.Code, _ message: String, at layer: Int = 0,
            @NetworkBuilder _ network: @escaping @Sendable () -> Network
        ) {
            self.code = code
            self.message = message
            self.layer = layer
            self.network = network
        }
    }

    static let discriminators: [Mistake] = [
        Mistake(.inputsMissing, "the discriminator does not begin with Inputs") {
            Dense(1)
        },
        Mistake(.emptyNetwork, "the discriminator has no layers after its Inputs") {
            Inputs(.image, .label(.oneHot))
        },
        Mistake(
            .inputsDoNotFit,
            "Inputs(.latent, .label(.oneHot)) does not fit a discriminator, which sees image and the label"
        ) {
            Inputs(.latent, .label(.oneHot))
            Dense(1)
        },
        Mistake(.labelMissing, "the discriminator does not say how it sees the label") {
            Inputs(.image)
            Dense(1)
        },
        Mistake(.labelForm, "a label as a vector cannot stand beside an image [4x4x1] for Conv(8, kernel: 3)") {
            Inputs(.image, .label(.oneHot))
            Conv(8, kernel: 3)
            Dense(1)
        },
        Mistake(.labelForm, "a projection needs a last Dense(1), but the last Dense gives [2, 2]") {
            Inputs(.image, .label(.projection))
            Dense(2)
        },
        Mistake(.sizeOutOfRange, "a dense layer of -3 units for [2, 4, 4, 1]", at: 1) {
            Inputs(.image, .label(.ignored))
            Dense(-3)
            Dense(1)
        },
        Mistake(.sizeOutOfRange, "a layer of 0 channels", at: 1) {
            Inputs(.image, .label(.ignored))
            Conv(0, kernel: 3)
            Dense(1)
        },
        Mistake(
            .sizeOutOfRange,
            "a window of kernel: 3, stride: 0: kernels and strides are 1 ... 4096, padding 0 ... 4096", at: 1
        ) {
            Inputs(.image, .label(.ignored))
            Conv(8, kernel: 3, stride: 0)
            Dense(1)
        },
        Mistake(.layerDoesNotFit, "Conv(8, kernel: 5, padding: .valid) does not fit into images of 4x4 pixels", at: 1) {
            Inputs(.image, .label(.ignored))
            Conv(8, kernel: 5, padding: .valid)
            Dense(1)
        },
        Mistake(.layerDoesNotFit, "Conv(8, kernel: 3) needs images [B, height, width, channels], not [2, 16]", at: 2) {
            Inputs(.image, .label(.ignored))
            Flatten()
            Conv(8, kernel: 3)
            Dense(1)
        },
        Mistake(.layerDoesNotFit, "Reshape(3, 5) holds 15 numbers for each example, but [2, 4, 4, 1] has 16", at: 1) {
            Inputs(.image, .label(.ignored))
            Reshape(3, 5)
            Dense(1)
        },
        Mistake(
            .layerDoesNotFit, "branches give [2, 4, 4, 1] and [2, 2, 2, 1], which differ before the last axis", at: 1
        ) {
            Inputs(.image, .label(.ignored))
            Concatenate {
                Branch(); Branch { AveragePool(2) }
            }
            Dense(1)
        },
        Mistake(
            .layerDoesNotFit,
            "a residual block leads from [2, 4, 4, 1] to [2, 3, 3, 1], which no shortcut joins", at: 1
        ) {
            Inputs(.image, .label(.ignored))
            Residual { MaxPool(2, stride: 1) }
            Dense(1)
        },
        Mistake(.discriminatorOutput, "the discriminator gives [2, 3], not one number for each example [2, 1]", at: 1) {
            Inputs(.image, .label(.oneHot))
            Dense(3)
        },
        Mistake(.sizeOutOfRange, "Dropout(1.0): the rate is 0 ..< 1", at: 1) {
            Inputs(.image, .label(.ignored))
            Dropout(1)
            Dense(1)
        },
        Mistake(
            .sizeOutOfRange, "BatchNorm(momentum: 1.0) of [2, 4, 4, 1]: epsilon is positive, momentum is 0 ..< 1", at: 1
        ) {
            Inputs(.image, .label(.ignored))
            BatchNorm(momentum: 1)
            Dense(1)
        },
    ]

    @Test("a mistake in a layer is told once, at that layer", arguments: discriminators)
    func discriminator(mistake: Mistake) throws {
        let found = errors(of: SmallModel(discriminator: mistake.network))
        let error = try #require(found.first)
        #expect(found.count == 1)
        #expect(error.code == mistake.code && error.message == mistake.message)
        #expect(error.location == mistake.network().layers[mistake.layer].location)
    }
}
