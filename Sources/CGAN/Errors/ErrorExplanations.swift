extension ModelError {
    /// The page on `code` (`M014`, case ignored) that `cganc explain` prints; nil if there is no such code.
    public static func explanation(_ code: String) -> String? {
        guard let code = Code(rawValue: code.uppercased()) else { return nil }
        return "\(code.rawValue): \(code.page.title)\n\n\(code.page.text)\n"
    }
}

extension ModelError.Code {
    /// A title and a few paragraphs: what the rule is, why it is there, what to write instead.
    var page: (title: String, text: String) {
        switch self {
        case .emptyNetwork:
            (
                "a network has no layers",
                """
                A network is the list of layers in its braces. It begins with Inputs and ends with what it stands for: \
                images from a generator, one number for each example from a discriminator.

                    var discriminator: Network {
                        Inputs(.image, .label(.oneHot))
                        Dense(256); LeakyReLU(0.2)
                        Dense(1)
                    }

                A network can come out empty when an `if` or a `for` around all of its layers chooses none.
                """
            )
        case .inputsMissing:
            (
                "a network does not begin with Inputs",
                """
                The first layer says what the network sees and how it sees the label:

                    Inputs(.latent, .label(.oneHot))        a generator
                    Inputs(.image, .label(.embeddedPlane))  a discriminator
                """
            )
        case .inputsDoNotFit:
            (
                "a network is given something other than its Inputs say",
                """
                A generator sees the latent [B, latent], a discriminator the image [B, height, width, channels]; each \
                sees the label once. In a loss, pass batch.latent or another latent to the generator, and images or \
                what the generator gives to the discriminator.
                """
            )
        case .labelMissing:
            (
                "the label is missing",
                """
                A conditional network is a function of the label too. Say how it sees the label in its Inputs, and pass \
                the labels when it is applied:

                    discriminator(batch.images, batch.labels)

                A network that must not see the label says so: Inputs(.image, .label(.ignored)).
                """
            )
        case .labelForm:
            (
                "the label's form does not fit the network",
                """
                    .oneHot, .embedding(n)         vectors: after the latent, or after an image that Dense or Flatten flattens
                    .embeddedPlane, .oneHotPlanes  channels beside an image that Conv reads
                    .projection                    added at the discriminator's last Dense(1)

                A convolution reads images, so a vector cannot stand beside its operand. To join the label in the middle \
                of a network, use the layers Embedding(n) and Concatenate(.label), which repeat it over the pixels.
                """
            )
        case .sizeOutOfRange:
            (
                "a size or a setting is out of range",
                """
                Units, channels, kernels, strides and factors are at least 1; rates and decays are probabilities or \
                positive numbers. The message names the one that is not.
                """
            )
        case .layerDoesNotFit:
            (
                "a layer does not fit what comes before it",
                """
                Sizes follow from the layers before: Conv and pooling need images [B, height, width, channels], Reshape \
                keeps the number of elements, a window with padding: .valid must lie inside the image, and the branches \
                of Concatenate agree in all axes but the last. The note says which layer gave the shape.
                """
            )
        case .generatorOutput:
            (
                "the generator does not give images",
                """
                The generator's last layer gives [B, height, width, channels] as the model's `images` says. Transposed \
                convolutions with stride 2 double height and width: 7 to 14 to 28, 4 to 8 to 16 to 32. After Dense \
                layers, Reshape(height, width, channels) gives the elements their places.
                """
            )
        case .discriminatorOutput:
            (
                "the discriminator does not give one number for each example",
                """
                The losses compare one number for each example, [B, 1]: a logit, a probability or a critic's score. End \
                the discriminator with Dense(1), which flattens images by itself, or with Dense(1) and Sigmoid().
                """
            )
        case .unknownNetwork:
            (
                "a network that is not one of the model's two",
                """
                Parameters belong to the model's `generator` and `discriminator`, which are told apart by where their \
                layers are written. Another Network cannot be applied in a loss, and the two cannot be the same. Layers \
                that both use can be returned by a function, each network beginning with Inputs of its own.
                """
            )
        case .objectiveMissing:
            (
                "the model has no objective",
                """
                Choose a preset, or write the losses out:

                    var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }

                    func objective(_ batch: Batch) -> Losses {
                        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
                        let real = discriminator(batch.images, batch.labels)
                        return Losses(
                            discriminator: mean(softplus(-real)) + mean(softplus(fake)),
                            generator: mean(softplus(-fake)))
                    }
                """
            )
        case .lossNotScalar:
            (
                "a loss is not a single number",
                """
                A network is trained to lower one number, and one number is drawn as a curve. Write mean(…) around a \
                value for each example. (The batch's mean, not its sum: the rate then means the same for any batch.)
                """
            )
        case .outputKind:
            (
                "logits where probabilities are needed, or the other way round",
                """
                A last Dense(1) gives logits, any number; Sigmoid() after it gives probabilities. A cross-entropy of \
                probabilities takes their logarithm: of logits it is not a number. A loss on logits takes the sigmoid \
                itself, without overflow: after another Sigmoid it trains the wrong function, slowly and silently.

                    .nonSaturating, .minimax, .hinge, .wasserstein    on logits: end with Dense(1)
                    .binaryCrossEntropy                               on probabilities: end with Dense(1); Sigmoid()
                    .leastSquares                                     on either
                """
            )
        case .operandShapes:
            (
                "shapes do not fit",
                """
                Elementwise operations take equal shapes. An extent of 1 is repeated, and a single number stands for \
                all elements; axes are never added. So [64] and [64, 1] do not fit: in frameworks where they do, their \
                difference is a table of all 64 × 64 pairs, and a loss of smoothed targets [B] against outputs [B, 1] \
                trains on pairs that were never meant. Write reshape(x, to: [64, 1]), or make the draw with that shape.

                mean, sum and norm with per: .example give [B]; without it they give a single number.
                """
            )
        case .gradientIsZero:
            (
                "a gradient that is zero by construction",
                """
                gradient(of: value, wrt: variable) is zero where the value is not computed from the variable. A gradient \
                penalty is taken with respect to the very tensor that the discriminator was applied to:

                    let between = mix(batch.images, fake, by: batch.uniform(perExample: "alpha"))
                    let slopes = gradient(of: discriminator(between, batch.labels), wrt: between)
                """
            )
        case .drawNameReused:
            (
                "two draws of one name",
                """
                Random numbers go by name, so that they can be dumped and repeated: within a phase the same name means \
                the same numbers. Two draws that differ in shape or distribution need two names.
                """
            )
        case .foreignTensor:
            (
                "a tensor of another phase",
                """
                objective(_:) is read once for each phase, each time with a batch of its own. A tensor kept from one \
                reading (in a global or a captured variable) does not exist in the next. Make all tensors inside \
                objective(_:), from the batch it is given.
                """
            )
        case .batchTooSmall:
            (
                "batch normalisation over a single value",
                """
                The mean of one value is that value and its variance 0, so the normalised value is 0 whatever the \
                network does. Train with a larger batch, or use LayerNorm(), which normalises each example by itself.
                """
            )
        case .parameterShape:
            (
                "one parameter in two shapes",
                """
                Parameters take their shapes from what the network is applied to. All applications of a network share \
                them, so all must be to tensors of the same shape.
                """
            )
        case .trackedName:
            (
                "the name of a watched value",
                """
                Watched values become columns of the metrics. Each has a name of its own, other than `loss`, of \
                letters, digits, dots and hyphens. Presets already watch `real` and `fake`, and penalties `slope` and \
                `penalty`, `r1`, `r2`.
                """
            )
        case .trainingOutOfRange:
            (
                "a training setting is out of range",
                """
                Batch, steps and updates are at least 1; rates and epsilons are positive; momentum, beta1, beta2 and \
                decays are at least 0 and below 1.
                """
            )
        case .notFinite:
            (
                "a number that is not finite",
                """
                A constant of the model is infinite or not a number, for example because it is divided by zero while \
                the model is read.
                """
            )
        case .nameNotUsable:
            (
                "a name that cannot name files",
                """
                A model's name stands in the names of C functions, files and folders: letters, digits and hyphens, at \
                most 64. By default it is made of the type's name. Draws and named tensors name the files of a dump: \
                they may also have dots and underscores.
                """
            )
        case .statisticsCouple:
            (
                "batch normalisation under a penalty for each example",
                """
                A gradient penalty takes the gradient of the sum of all scores with respect to the images, and reads \
                off each example's own slope. That is right only if an example's score depends on that example alone. \
                Batch normalisation mixes the examples (Gulrajani 2017, section 4). Use LayerNorm() in the \
                discriminator; the generator may keep its batch normalisation.
                """
            )
        case .unknownModel:
            (
                "there is no such model",
                """
                A model is the name of a shipped one (`cganc list`), a Swift file (`Model.swift`), or a saved program \
                (`program.json`). A path to a file ends in .swift or .json.
                """
            )
        case .fileUnreadable:
            (
                "a file cannot be read",
                """
                The path does not exist, is a folder, may not be read, or is larger than a model can be.
                """
            )
        case .mainMissing:
            (
                "the model file has no @main",
                """
                A model file is a small program. Mark the type that describes the model:

                    import CGAN

                    @main struct FashionCritic: ConditionalGAN {
                        …
                    }
                """
            )
        case .doesNotCompile:
            (
                "the Swift compiler does not accept the model file",
                """
                Its own messages stand above, with the places in your file. A layer in a network's braces stands alone \
                on its line, or is separated by a semicolon; a network has the type Network.
                """
            )
        case .evaluationFailed:
            (
                "evaluating the model file failed",
                """
                The file compiled, but its program stopped before the model was read: a trap such as an index out of \
                range or a forced nil in your own code, or an exit. What it printed stands above.
                """
            )
        case .evaluationTooLong:
            (
                "evaluating the model file takes too long",
                """
                Reading a model takes milliseconds: it computes no images, only describes how. A minute is allowed. \
                Look for a loop that does not end, or for input that is waited for.
                """
            )
        case .programMalformed:
            (
                "a saved program is damaged",
                """
                A program is checked whole before any of it is used: its graphs follow from their operations, its \
                parameters are unique and have the shapes that the graphs use, its losses are single numbers. The file \
                was cut short, edited, or written by something else. Save it again from its model.
                """
            )
        case .programVersion:
            (
                "a saved program of another version",
                """
                The file was written by a cganc whose programs are laid out differently. Save it again with this one, \
                from its model file.
                """
            )
        case .programBatch:
            (
                "the batch of a saved program",
                """
                Every shape in a saved program follows from its batch, and the expressions it was made of are gone, so \
                it cannot be had with another. Give cganc the model file or the model's name with --batch.
                """
            )
        case .toolMissing:
            (
                "a tool that evaluates model files is missing",
                """
                A .swift file is compiled by `swiftc` against cganc's own library, libCGAN.so with its folder Modules, \
                which lie beside the cganc program. Shipped models and saved programs need neither. SWIFTC names \
                another compiler, CGANC_LIBRARY another folder.
                """
            )
        }
    }
}
