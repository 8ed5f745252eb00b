/// Three Euclidean norms of a trained tensor, or of several as one: roots of sums of squares.
public struct TensorNorms: Hashable, Sendable {
    /// Of the gradient, before the optimiser.
    public var gradient: Double
    /// Of the tensor after its update.
    public var weight: Double
    /// Of what the update added to the tensor.
    public var update: Double

    /// Norms of all parts.
    public init(gradient: Double, weight: Double, update: Double) {
        self.gradient = gradient
        self.weight = weight
        self.update = update
    }

    /// The norms of `tensors` as one vector.
    public init(joining tensors: some Sequence<TensorNorms>) {
        var squares = (gradient: 0.0, weight: 0.0, update: 0.0)
        for tensor in tensors {
            squares.gradient += tensor.gradient * tensor.gradient
            squares.weight += tensor.weight * tensor.weight
            squares.update += tensor.update * tensor.update
        }
        self.init(
            gradient: squares.gradient.squareRoot(), weight: squares.weight.squareRoot(),
            update: squares.update.squareRoot())
    }

    /// The update's size in terms of the tensor's: 0 for a tensor of zeros.
    public var updateRatio: Double { weight > 0 ? update / weight : 0 }
}
