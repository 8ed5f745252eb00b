import Graph

extension Builder {
    /// The nodes of `formula`, the derivative of `y` as an elementwise function of `x`.
    mutating func instantiate(_ formula: Derivative, x: NodeID, y: NodeID) -> NodeID {
        switch formula {
        case .x: return x
        case .y: return y
        case .constant(let value):
            return full(value, graph[x].shape)
        case .unary(let function, let argument):
            return unary(function, instantiate(argument, x: x, y: y))
        case .binary(let function, let a, let b):
            let (a, b) = (instantiate(a, x: x, y: y), instantiate(b, x: x, y: y))
            return function == .multiply ? multiply(a, b) : binary(function, a, b)
        case .select(let condition, let a, let b):
            let condition = instantiate(condition, x: x, y: y)
            let (a, b) = (instantiate(a, x: x, y: y), instantiate(b, x: x, y: y))
            return append(.select, condition, a, b)
        }
    }
}
