public import Graph

/// A value of the model under construction: an expression, not numbers.
///
/// Tensors are made by ``Batch`` and by applying networks and functions to other tensors. A mistake (shapes that do not
/// fit, a label that is missing) is recorded with its place and yields a tensor of a plausible shape, so that the rest
/// of the model is still read and its own mistakes are found too.
public struct Tensor {
    let trace: Trace
    /// The expression's node; nil after a mistake.
    let node: NodeID?
    /// Extents and element type; a guess after a mistake.
    let type: TensorType
    /// Where the expression was written, as far as it is known. A node has the place of its first making, a network's
    /// result the place of its layer; an error in a loss is better told where the loss is.
    public let place: SourceLocation?

    init(_ trace: Trace, _ node: NodeID, at place: SourceLocation?) {
        self.trace = trace
        self.node = node
        self.type = trace.graph[node].type
        self.place = place ?? trace.graph[node].origin.location
    }

    /// The result of a mistake that has been recorded.
    init(mistakeIn trace: Trace, guess: TensorType) {
        self.trace = trace
        self.node = nil
        // A wild guess, such as of a layer of 2^62 units, keeps its axes but must not overflow in what follows.
        self.type =
            guess.shape.isPossible
            ? guess : TensorType(Shape(guess.shape.dimensions.prefix(8).map { _ in 1 }), guess.element)
        self.place = nil
    }

    /// The same value, written at `place`.
    func placed(at place: SourceLocation?) -> Tensor {
        node.map { Tensor(trace, $0, at: place) } ?? self
    }

    /// The extents of the axes, the batch first; empty for a single number.
    public var shape: [Int] { type.shape.dimensions }

    /// The number of axes.
    public var rank: Int { type.shape.rank }

    /// The same value under a name that tells apart the applications of a network to it: the second convolution of
    /// `discriminator(x.named("perturbed"), labels)` appears as `discriminator.conv2.perturbed`.
    public func named(_ name: String) -> Tensor {
        guard isUsable(name: name) else {
            trace.tables.record(
                ModelError(
                    .nameNotUsable,
                    "a tensor cannot be named \"\(name)\": 1 ... 64 letters, digits, dots, underscores and hyphens can",
                    at: place, help: "write named(\"perturbed\")"))
            return self
        }
        if let node { trace.roles[node] = name }
        return self
    }
}
