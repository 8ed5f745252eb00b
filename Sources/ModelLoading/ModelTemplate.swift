import CGAN
public import Models

/// The file that `cganc init` writes: a model that compiles and trains as it is, to be changed.
public enum ModelTemplate {
    /// The text of a model file whose type is made of `name`: `my-model` gives `MyModel`.
    ///
    /// - Throws: `ModelErrors` if no type can be called so.
    public static func text(name: String) throws -> String {
        let type = try typeName(name)
        return body.replacing("$TYPE", with: type)
    }

    /// The text of a model file that begins as a shipped model: its networks and settings under the name `name`.
    ///
    /// - Throws: `ModelErrors` if no type can be called so.
    public static func text(name: String, from shipped: ShippedModel) throws -> String {
        let type = try typeName(name)
        var lines = shipped.source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        // The name follows from the type's unless it is written out.
        lines.removeAll { $0 == "    let name = \"\(shipped.name)\"" }
        guard let head = lines.firstIndex(where: { $0.hasPrefix("struct ") && $0.hasSuffix(": ConditionalGAN {") })
        else {
            preconditionFailure("the file of \(shipped.name) has no line struct …: ConditionalGAN {")
        }
        lines[head] = "@main struct \(type): ConditionalGAN {"
        return lines.joined(separator: "\n")
    }

    /// The text of a file that describes what `shipped` does, under the same name.
    static func file(of shipped: ShippedModel) -> String {
        shipped.source.replacing("\nstruct ", with: "\n@main struct ", maxReplacements: 1)
    }

    /// The name of the file, `MyModel.swift`.
    ///
    /// - Throws: `ModelErrors` if no type can be called so.
    public static func fileName(name: String) throws -> String { try typeName(name) + ".swift" }

    /// `my-model` as `MyModel`.
    private static func typeName(_ name: String) throws -> String {
        let words = name.split { "-_ ".contains($0) }
        let type = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
        let isUsable =
            type.first?.isLetter ?? false
            && type.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } && type.count <= 60
        guard isUsable else {
            throw ModelErrors([
                ModelError(
                    .nameNotUsable, "no model can be called \"\(name)\"",
                    help: "begin with a letter and use letters, digits and hyphens: my-model")
            ])
        }
        guard !taken.contains(type) else {
            throw ModelErrors([
                ModelError(.nameNotUsable, "\(type) is a name of the language", help: "call it My\(type)")
            ])
        }
        return type
    }

    /// Names that a model file uses itself: of the language, of layers, of the module it is compiled as.
    private static let taken: Set<String> = [
        "CGAN", "UserModel", "ConditionalGAN", "ImageShape", "Network", "Objective", "Losses", "Batch", "Tensor",
        "Training", "Optimizer", "Penalty", "Smoothing", "Inputs", "Layer", "Dense", "Conv", "ConvTranspose", "Reshape",
        "Flatten", "BatchNorm", "LayerNorm", "Dropout", "Embedding", "Concatenate", "Branch", "Residual", "AveragePool",
        "MaxPool", "GlobalAveragePool", "Upsample", "LeakyReLU", "ReLU", "Tanh", "Sigmoid", "Softplus", "ELU", "Swift",
        "String", "Int", "Double", "Bool", "Array", "Self", "Type", "Any",
    ]

    private static let body = """
        import CGAN

        /// Evaluated by cganc, which compiles it to C and trains it:
        ///
        ///     cganc summary $TYPE.swift
        ///     cganc train $TYPE.swift
        @main struct $TYPE: ConditionalGAN {
            // What it learns to draw. `--data glyphs` has these: the ten digits.
            let images = ImageShape(height: 28, width: 28, channels: 1)
            let classes = 10

            // From 100 random numbers and a label to an image. Sizes follow from layer to layer: a transposed convolution of
            // stride 2 doubles height and width, 7 to 14 to 28.
            var generator: Network {
                Inputs(.latent, .label(.oneHot))
                Dense(7 * 7 * 64)
                ReLU()
                Reshape(7, 7, 64)
                ConvTranspose(32, kernel: 4, stride: 2)
                ReLU()
                ConvTranspose(1, kernel: 4, stride: 2)
                Tanh()
            }

            // From an image and a label to one number: how real the pair looks. The label is a learned plane beside the
            // image; .oneHot, .embedding(n) and .projection are other ways to show it.
            var discriminator: Network {
                Inputs(.image, .label(.embeddedPlane))
                for channels in [32, 64] {
                    Conv(channels, kernel: 4, stride: 2)
                    LeakyReLU(0.2)
                }
                Dense(1)
            }

            // What each network is trained to lower. To write losses out instead, replace this by
            //
            //     func objective(_ batch: Batch) -> Losses {
            //         let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
            //         let real = discriminator(batch.images, batch.labels)
            //         return Losses(discriminator: mean(fake) - mean(real), generator: -mean(fake))
            //     }
            var objective: Objective {
                .wasserstein(penalty: .gradient(weight: 10))
            }

            var training: Training {
                Training(batch: 64, steps: 5_000, seed: 1)
                    .discriminator(.adam(1e-4, beta1: 0.5, beta2: 0.9))
                    .generator(.adam(1e-4, beta1: 0.5, beta2: 0.9))
                    .average(.generator, decay: 0.999)
            }
        }

        """
}
