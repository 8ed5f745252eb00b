import Graph

/// Questions that rules ask about operands.
extension Graph {
    /// The argument of `id`, if it is `function` of something.
    func argument(of id: NodeID, _ function: UnaryFunction) -> NodeID? {
        self[id].op == .unary(function) ? self[id].inputs[0] : nil
    }

    /// The arguments of `id`, if it is `function` of something.
    func arguments(of id: NodeID, _ function: BinaryFunction) -> (NodeID, NodeID)? {
        self[id].op == .binary(function) ? (self[id].inputs[0], self[id].inputs[1]) : nil
    }

    /// The two factors of `id`, if it is the product of something and a number.
    func scaled(_ id: NodeID) -> (factor: Double, of: NodeID)? {
        guard let (a, b) = arguments(of: id, .multiply) else { return nil }
        if let factor = uniformValue(of: b) { return (factor, a) }
        if let factor = uniformValue(of: a) { return (factor, b) }
        return nil
    }

    /// A broadcast that is not one number everywhere: its operand, and the axes that the operand's axes become.
    func stretched(_ id: NodeID) -> (operand: NodeID, axes: [Int])? {
        guard case .broadcast(_, let axes) = self[id].op, uniformValue(of: id) == nil else { return nil }
        return (self[id].inputs[0], axes)
    }
}
