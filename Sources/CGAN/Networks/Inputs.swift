public import Graph

/// What a network sees; the first layer of every network.
///
///     Inputs(.latent, .label(.oneHot))
///     Inputs(.image, .label(.embeddedPlane))
public struct Inputs: Layer {
    /// The operand that a network transforms.
    public enum Operand: String, Sendable {
        /// The latent `[B, latent]`: of a generator.
        case latent
        /// The images `[B, height, width, channels]`: of a discriminator.
        case image
    }

    /// How a network sees the label.
    public enum Label: Equatable, Sendable {
        /// A vector of zeros with a 1 at the label's place, after the latent or after the flattened image
        /// (Mirza & Osindero 2014). `Dense` or `Flatten` must follow.
        case oneHot
        /// A learned vector of that length for each class, joined as a one-hot vector is.
        case embedding(Int)
        /// A learned image `height × width` for each class, beside the image as its last channel.
        case embeddedPlane
        /// One channel for each class beside the image, full of ones for the label's class and of zeros for the others.
        case oneHotPlanes
        /// `ψ(h) + ⟨embed(y), h⟩` at the last `Dense(1)`, `h` being what enters it (Miyato & Koyama 2018).
        case projection
        /// The network does not see the label.
        case ignored
    }

    /// One thing that a network sees.
    public enum Part: Equatable, Sendable {
        /// The latent `[B, latent]`.
        case latent
        /// The image `[B, height, width, channels]`.
        case image
        /// The label, in the given form.
        case label(Label)
    }

    let parts: [Part]
    /// Where it was written.
    public let location: SourceLocation

    /// The parts that a network sees: `.latent` or `.image`, and the label.
    public init(_ parts: Part..., fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.parts = parts
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "inputs" }

    /// What the user wrote.
    public var summary: String {
        let texts = parts.map { part in
            switch part {
            case .latent: ".latent"
            case .image: ".image"
            case .label(let label): ".label(.\(label))"
            }
        }
        return "Inputs(\(texts.joined(separator: ", ")))"
    }

    /// The operand joined with the label in the form asked for.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        let network = context.application.network
        let operand: Part = network == "generator" ? .latent : .image
        guard parts.filter({ $0 == operand }).count == 1, parts.count(where: \.isLabel) <= 1,
            !parts.contains(network == "generator" ? .image : .latent)
        else {
            return context.mistake(
                .inputsDoNotFit, "\(summary) does not fit a \(network), which sees \(operand) and the label", given: x,
                help: "write Inputs(.\(operand), .label(.oneHot))")
        }
        let expected =
            network == "generator"
            ? Shape([context.trace.facts.batch, context.trace.facts.latent])
            : context.trace.facts.imageShape
        guard x.type == TensorType(expected) else {
            return context.mistake(
                .inputsDoNotFit, "the \(network) is applied to \(x.type), but sees \(expected)", given: x,
                guess: expected.dimensions)
        }
        guard let label else {
            return context.mistake(
                .labelMissing, "the \(network) does not say how it sees the label", given: x,
                help: "write Inputs(.\(operand), .label(.oneHot)), or .label(.ignored) if it must not see it")
        }
        if label == .ignored { return x }
        guard let labels = context.labels else {
            return context.mistake(
                .labelMissing, "the \(network) sees the label, but is applied without one", given: x,
                help: "write \(network)(\(operand == .latent ? "latent" : "images"), batch.labels)")
        }
        guard labels.type == TensorType([x.shape[0]], .index) else {
            return context.mistake(
                .labelMissing, "labels are \(labels.type), not one index for each of \(x.shape[0]) examples", given: x,
                help: "pass batch.labels")
        }
        return join(label, of: labels, to: x, in: context)
    }

    /// The form of the label, if any.
    var label: Label? {
        for case .label(let label) in parts { return label }
        return nil
    }

    private func join(_ label: Label, of labels: Tensor, to x: Tensor, in context: LayerContext) -> Tensor {
        if x.rank == 2, [.embeddedPlane, .oneHotPlanes, .projection].contains(label) {
            return context.mistake(
                .labelForm, ".label(.\(label)) is for a discriminator, which sees an image", given: x,
                help: "write .label(.oneHot) or .label(.embedding(32))")
        }
        switch label {
        case .ignored, .projection: return x
        case .oneHot:
            return joinVector(oneHot(labels, classes: context.classes), to: x, in: context)
        case .embedding(let size):
            guard size > 0 else {
                return context.mistake(.sizeOutOfRange, "an embedding of \(size) numbers", given: x)
            }
            let table = context.embedding(
                context.application.nextName("embedding"), columns: size, layout: "class,feature")
            return joinVector(context.rows(of: table, labels), to: x, in: context)
        case .embeddedPlane:
            let (height, width) = (x.shape[1], x.shape[2])
            let table = context.embedding("discriminator.labelPlane", columns: height * width, layout: "class,pixel")
            let plane = reshape(context.rows(of: table, labels), to: [x.shape[0], height, width, 1])
            return concatenate(x, plane)
        case .oneHotPlanes:
            let planes = reshape(oneHot(labels, classes: context.classes), to: [x.shape[0], 1, 1, context.classes])
            return concatenate(x, planes.stretched(to: Shape([x.shape[0], x.shape[1], x.shape[2], context.classes])))
        }
    }

    /// `vector [B, n]` after the flattened operand.
    private func joinVector(_ vector: Tensor, to x: Tensor, in context: LayerContext) -> Tensor {
        if x.rank > 2, !(context.next is Dense || context.next is Flatten) {
            return context.mistake(
                .labelForm,
                "a label as a vector cannot stand beside an image [\(context.trace.facts.image)] for "
                    + "\(context.next?.summary ?? "nothing")", given: x,
                help: "write .label(.embeddedPlane) or .label(.oneHotPlanes), or let Dense or Flatten follow")
        }
        return concatenate(flatten(x), vector)
    }
}

extension Inputs.Part {
    var isLabel: Bool { if case .label = self { true } else { false } }
}
