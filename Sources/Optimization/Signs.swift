import Graph

/// What is known of the sign of a node's elements whatever the leaves hold.
extension Graph {
    /// The smallest number that counts as positive when it is added: it stays so in single precision.
    private static let smallest = 1e-30

    /// True if all elements of `id` are above 0, or not numbers.
    ///
    /// This is how `√(Σ x² + ε)` is known to need no guard against division by 0.
    func isPositive(_ id: NodeID, depth: Int = 8) -> Bool {
        if let value = uniformValue(of: id) { return value >= Self.smallest }
        guard depth > 0 else { return false }
        let inputs = self[id].inputs
        func positive(_ slot: Int) -> Bool { isPositive(inputs[slot], depth: depth - 1) }
        func nonNegative(_ slot: Int) -> Bool { isNonNegative(inputs[slot], depth: depth - 1) }
        return switch self[id].op {
        case .unary(.squareRoot), .reshape, .broadcast, .transpose, .slice: positive(0)
        case .binary(.add): (positive(0) && nonNegative(1)) || (nonNegative(0) && positive(1))
        case .binary(.maximum): positive(0) || positive(1)
        case .binary(.minimum): positive(0) && positive(1)
        default: false
        }
    }

    /// True if no element of `id` is below 0.
    private func isNonNegative(_ id: NodeID, depth: Int) -> Bool {
        if let value = uniformValue(of: id) { return value >= 0 }
        guard depth > 0 else { return false }
        let inputs = self[id].inputs
        func nonNegative(_ slot: Int) -> Bool { isNonNegative(inputs[slot], depth: depth - 1) }
        return switch self[id].op {
        case .unary(let function):
            [.square, .absolute, .exponential, .sigmoid, .softplus, .relu, .step, .squareRoot]
                .contains(function)
        case .binary(.add), .binary(.multiply), .binary(.minimum): nonNegative(0) && nonNegative(1)
        case .binary(.maximum): nonNegative(0) || nonNegative(1)
        case .reshape, .broadcast, .transpose, .slice, .pad, .reduceSum, .reduceMax, .averagePool: nonNegative(0)
        default: false
        }
    }
}
