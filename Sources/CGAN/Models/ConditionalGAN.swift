import Graph

/// A conditional generative adversarial network: two networks, what each is to lower, and how they are trained.
///
///     import CGAN
///
///     @main struct FashionCritic: ConditionalGAN {
///         let images = ImageShape(height: 28, width: 28, channels: 1)
///         let classes = 10
///         var generator: Network { Inputs(.latent, .label(.oneHot)); … }
///         var discriminator: Network { Inputs(.image, .label(.embeddedPlane)); … }
///         var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }
///         var training: Training { Training(batch: 64) }
///     }
public protocol ConditionalGAN {
    /// The model with its own settings.
    init()
    /// Lower-case with hyphens; by default made of the type's name: `FashionCritic` is `fashion-critic`.
    var name: String { get }
    /// The images' extents.
    var images: ImageShape { get }
    /// How many classes the labels name.
    var classes: Int { get }
    /// The latent's length; 100 by default.
    var latent: Int { get }
    /// From `[B, latent]` and labels to images `[B, height, width, channels]` in `-1 ... 1`.
    @NetworkBuilder var generator: Network { get }
    /// From images and labels to one number for each example, `[B, 1]`.
    @NetworkBuilder var discriminator: Network { get }
    /// The losses by name; or write ``objective(_:)``.
    var objective: Objective { get }
    /// The losses written out, for a batch.
    func objective(_ batch: Batch) -> Losses
    /// Batch, steps and optimisers.
    var training: Training { get }
}

extension ConditionalGAN {
    /// The type's name, lower-case with hyphens.
    public var name: String { kebabCase("\(Self.self)") }
    /// 100.
    public var latent: Int { 100 }
    /// None: the model then writes ``objective(_:)``.
    public var objective: Objective { .unspecified }
    /// Batches of 64, Adam(2e-4, 0.5, 0.999) for both networks.
    public var training: Training { Training() }

    /// The losses of the preset.
    public func objective(_ batch: Batch) -> Losses {
        if let losses = objective.losses(generator: generator, discriminator: discriminator, on: batch) {
            return losses
        }
        let nothing = batch.trace.mistake(
            ModelError(
                .objectiveMissing, "the model has no objective",
                help: "add: var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }"),
            guess: TensorType(.scalar))
        return Losses(discriminator: nothing, generator: nothing)
    }
}

/// `FashionCritic` as `fashion-critic`, `DCGANModel` as `dcgan-model`, `My2DModel` as `my2-d-model`.
func kebabCase(_ name: String) -> String {
    let characters = Array(name)
    var result = ""
    for (index, character) in characters.enumerated() {
        if character == "_" {
            result += "-"
            continue
        }
        if character.isUppercase, index > 0 {
            let afterLower = !characters[index - 1].isUppercase && characters[index - 1] != "_"
            let beforeLower = index + 1 < characters.count && characters[index + 1].isLowercase
            if afterLower || (characters[index - 1].isUppercase && beforeLower) { result += "-" }
        }
        result += character.lowercased()
    }
    return result
}
