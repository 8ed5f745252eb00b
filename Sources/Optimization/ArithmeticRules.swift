import Graph

/// Rules for elementwise functions.
extension Builder {
    /// Rules for `function` of one argument.
    ///
    ///     −(−x) → x        −(a − b) → b − a      −(k·x) → (−k)·x     1/(1/x) → x
    ///     (−x)² → x²       |x|² → x²             |−x| → |x|          ||x|| → |x|
    ///     relu(relu x) → relu x                  step x → 1, where x is positive whatever the numbers are
    ///     x^0 → 1   x^1 → x   x^2 → x·x   x^½ → √x   x^−1 → 1/x
    ///
    /// `step(relu x)` stays: the activation is kept for the weight gradient anyway, its argument need not be.
    mutating func simplify(_ function: UnaryFunction, _ node: Node) -> NodeID? {
        let x = node.inputs[0]
        switch function {
        case .negate:
            if let inner = graph.argument(of: x, .negate) { return inner }
            if let (a, b) = graph.arguments(of: x, .subtract) { return binary(.subtract, b, a) }
            if let (factor, inner) = graph.scaled(x) { return multiply(inner, by: -factor) }
            return nil
        case .reciprocal:
            return graph.argument(of: x, .reciprocal)
        case .square:
            return (graph.argument(of: x, .negate) ?? graph.argument(of: x, .absolute)).map { unary(.square, $0) }
        case .absolute:
            if graph.argument(of: x, .absolute) != nil { return x }
            return graph.argument(of: x, .negate).map { unary(.absolute, $0) }
        case .relu:
            return graph.argument(of: x, .relu) == nil ? nil : x
        case .step:
            return graph.isPositive(x) ? full(1, node.shape) : nil
        case .power(let exponent):
            switch exponent {
            case 0: return full(1, node.shape)
            case 1: return x
            case 2: return unary(.square, x)
            case 0.5: return unary(.squareRoot, x)
            case -1: return unary(.reciprocal, x)
            default: return nil
            }
        default:
            return nil
        }
    }

    /// Rules for `function` of two arguments.
    mutating func simplify(_ function: BinaryFunction, _ node: Node) -> NodeID? {
        let (a, b) = (node.inputs[0], node.inputs[1])
        switch function {
        case .add: return simplifyAdd(a, b)
        case .subtract: return simplifySubtract(a, b)
        case .multiply: return simplifyMultiply(a, b)
        case .divide: return simplifyDivide(a, b)
        case .maximum:
            if a == b { return a }
            if graph.uniformValue(of: b) == 0 { return unary(.relu, a) }
            return graph.uniformValue(of: a) == 0 ? unary(.relu, b) : nil
        case .minimum:
            return a == b ? a : nil
        case .greater:
            return graph.uniformValue(of: b) == 0 ? unary(.step, a) : nil
        case .greaterOrEqual, .equal:
            return nil
        }
    }

    ///     x + 0 → x     x + x → 2·x     x + (−y) → x − y
    private mutating func simplifyAdd(_ a: NodeID, _ b: NodeID) -> NodeID? {
        if graph.uniformValue(of: a) == 0 { return b }
        if graph.uniformValue(of: b) == 0 { return a }
        if a == b { return multiply(a, by: 2) }
        if let inner = graph.argument(of: b, .negate) { return binary(.subtract, a, inner) }
        return graph.argument(of: a, .negate).map { binary(.subtract, b, $0) }
    }

    ///     x − 0 → x     0 − x → −x     x − (−y) → x + y
    private mutating func simplifySubtract(_ a: NodeID, _ b: NodeID) -> NodeID? {
        if graph.uniformValue(of: b) == 0 { return a }
        if graph.uniformValue(of: a) == 0 { return unary(.negate, b) }
        return graph.argument(of: b, .negate).map { add(a, $0) }
    }

    ///     1·x → x     −1·x → −x     x·x → x²     (−x)·(−y) → x·y     (−x)·y → −(x·y)
    ///     (k·x)·l → (k·l)·x         (−x)·k → (−k)·x                  (k·x)·y → k·(x·y)
    private mutating func simplifyMultiply(_ a: NodeID, _ b: NodeID) -> NodeID? {
        for (factor, x) in [(graph.uniformValue(of: a), b), (graph.uniformValue(of: b), a)] {
            guard let factor else { continue }
            if factor == 1 || factor == -1 { return multiply(a, b) }
            if let inner = graph.argument(of: x, .negate) { return multiply(inner, by: -factor) }
            if let (other, inner) = graph.scaled(x), (other * factor).isNormal {
                return multiply(inner, by: other * factor)
            }
            return nil
        }
        if a == b { return unary(.square, a) }
        switch (graph.argument(of: a, .negate), graph.argument(of: b, .negate)) {
        case (let x?, let y?): return multiply(x, y)
        case (let x?, nil): return unary(.negate, multiply(x, b))
        case (nil, let y?): return unary(.negate, multiply(a, y))
        case (nil, nil): break
        }
        if let (factor, inner) = graph.scaled(a) { return multiply(multiply(inner, b), by: factor) }
        if let (factor, inner) = graph.scaled(b) { return multiply(multiply(a, inner), by: factor) }
        return nil
    }

    ///     x / k → (1/k)·x     1 / y → 1/y (one operation)     (−x)/y → −(x/y)     (k·x)/y → k·(x/y)
    private mutating func simplifyDivide(_ a: NodeID, _ b: NodeID) -> NodeID? {
        if let divisor = graph.uniformValue(of: b) {
            return (1 / divisor).isNormal ? multiply(a, by: 1 / divisor) : nil
        }
        if graph.uniformValue(of: a) == 1 { return unary(.reciprocal, b) }
        if let x = graph.argument(of: a, .negate) { return unary(.negate, binary(.divide, x, b)) }
        return graph.scaled(a).map { multiply(binary(.divide, $0.of, b), by: $0.factor) }
    }
}
