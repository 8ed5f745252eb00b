import Graph

extension Graph {
    /// The graph with every composite written out in the closed set of operations.
    ///
    ///     %1 = mean<axes [0]>(%0) []        →  %1 = reduceSum<axes [0]>(%0) []
    ///                                          %2 = constant<0.25> []
    ///                                          %3 = multiply(%1, %2) []
    public func decomposed() -> Graph {
        rebuilt { build, node in
            guard case .composite(let composite) = node.op else { return nil }
            return build.decompose(composite, node.inputs)
        }
    }
}

extension Builder {
    /// The result of `composite`: one exhaustive table.
    fileprivate mutating func decompose(_ composite: Composite, _ inputs: [NodeID]) -> NodeID {
        let x = inputs[0]
        switch composite {
        case .mean(let axes):
            return mean(x, axes)
        case .variance(let axes):
            return mean(unary(.square, centered(x, axes)), axes)
        case .norm(let axes, let epsilon):
            return unary(.squareRoot, add(sum(unary(.square, x), axes), epsilon))
        case .normalize(let axes, let epsilon):
            let centered = centered(x, axes)
            let deviation = unary(.squareRoot, add(mean(unary(.square, centered), axes), epsilon))
            return multiply(centered, stretch(unary(.reciprocal, deviation), like: x, without: axes))
        case .softmax(let axis):
            let powers = unary(.exponential, stabilized(x, axis))
            return binary(.divide, powers, stretch(sum(powers, [axis]), like: x, without: [axis]))
        case .logSoftmax(let axis):
            let shifted = stabilized(x, axis)
            let logSum = unary(.logarithm, sum(unary(.exponential, shifted), [axis]))
            return binary(.subtract, shifted, stretch(logSum, like: x, without: [axis]))
        case .clip(let low, let high):
            return clip(x, low, high)
        case .binaryCrossEntropy(let margin):
            let probability = clip(x, margin, 1 - margin)
            let (hit, miss) = (multiply(inputs[1], unary(.logarithm, probability)), complement(inputs[1]))
            return unary(.negate, add(hit, multiply(miss, unary(.logarithm, complement(probability)))))
        case .logitCrossEntropy:
            let hit = multiply(inputs[1], unary(.softplus, unary(.negate, x)))
            return add(hit, multiply(complement(inputs[1]), unary(.softplus, x)))
        }
    }

    private mutating func mean(_ x: NodeID, _ axes: [Int]) -> NodeID {
        let count = axes.reduce(1) { $0 * graph[x].shape[$1] }
        return multiply(sum(x, axes), by: 1 / Double(count))
    }

    private mutating func centered(_ x: NodeID, _ axes: [Int]) -> NodeID {
        let mean = mean(x, axes)
        return binary(.subtract, x, stretch(mean, like: x, without: axes))
    }

    /// `x` minus its maximum along `axis`, so that no exponential overflows; the maximum is as good as a constant, since
    /// neither softmax nor its logarithm depends on it.
    private mutating func stabilized(_ x: NodeID, _ axis: Int) -> NodeID {
        let maximum = append(.stopGradient, append(.reduceMax(axes: [axis]), x))
        return binary(.subtract, x, stretch(maximum, like: x, without: [axis]))
    }

    private mutating func clip(_ x: NodeID, _ low: Double, _ high: Double) -> NodeID {
        let shape = graph[x].shape
        let raised = binary(.maximum, x, full(low, shape))
        return binary(.minimum, raised, full(high, shape))
    }

    private mutating func complement(_ x: NodeID) -> NodeID {
        binary(.subtract, full(1, graph[x].shape), x)
    }
}
