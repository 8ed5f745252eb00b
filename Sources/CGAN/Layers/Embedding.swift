public import Graph

/// A learned vector of the label, joined to the operand: `[B, n]` gives `[B, n + size]`, and images get `size` more
/// channels, the same at every pixel.
///
/// Parameter: `weight [classes, size]`, which begins as standard normal numbers. To join the label at the entry of a
/// network, write `Inputs(…, .label(.embedding(size)))`.
public struct Embedding: Layer {
    let size: Int
    /// Where it was written.
    public let location: SourceLocation

    /// The layer that joins `size` learned numbers.
    public init(_ size: Int, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.size = size
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "embedding" }
    /// What the user wrote.
    public var summary: String { "Embedding(\(size))" }

    /// `x` with the label's vector after its last axis.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard size > 0 else {
            return context.mistake(.sizeOutOfRange, "an embedding of \(size) numbers", given: x)
        }
        guard let labels = context.requireLabels(for: summary, given: x) else {
            return Tensor(mistakeIn: context.trace, guess: x.type)
        }
        let table = context.embedding(context.name, columns: size, layout: "class,feature")
        return context.joinVector(context.rows(of: table, labels), to: x)
    }
}

extension LayerContext {
    /// The labels; nil after a recorded mistake.
    func requireLabels(for layer: String, given x: Tensor) -> Tensor? {
        if labels == nil {
            _ = mistake(
                .labelMissing, "\(layer) needs the label, but the \(application.network) is applied without one",
                given: x, help: "pass batch.labels as the network's second argument")
        }
        return labels
    }

    /// `vector [B, n]` after the last axis of `x`, repeated over the pixels if `x` has any.
    func joinVector(_ vector: Tensor, to x: Tensor) -> Tensor {
        guard x.rank > 2 else { return concatenate(x, vector) }
        let inner = Array(repeating: 1, count: x.rank - 2)
        let stretched = reshape(vector, to: [vector.shape[0]] + inner + [vector.shape[1]])
        return concatenate(x, stretched.stretched(to: Shape(x.shape.dropLast() + [vector.shape[1]])))
    }
}
