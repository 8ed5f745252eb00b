import Graph

/// Which nodes can have elements that are exactly 0 while others are not, or for some inputs: because a rectifier is at
/// rest, a mask drops, a position is not looked up or not covered by a window, a function is saturated in the numbers'
/// precision.
///
/// What neither the algebra proves to be zero nor this lists can be zero only at isolated inputs: it is made of functions
/// without flat parts.
///
/// - Complexity: linear in the nodes.
struct Vanishing {
    /// For each node, an operation that can make elements of it 0; nil if none can.
    private(set) var causes: [NodeID?] = []
    /// For each node, an operation with a kink or a flat part that it depends on; sums of such can cancel for some inputs.
    private var kinks: [NodeID?] = []

    /// What is known of all nodes of `graph`, whose composites and gradients are expanded.
    init(_ graph: Graph) {
        for id in graph.ids {
            let inputs = graph[id].inputs
            kinks.append(graph[id].op.isBent ? id : inputs.lazy.compactMap { [kinks] in kinks[$0.index] }.first)
            causes.append(cause(of: id, in: graph))
        }
    }

    /// What can make elements of node `id` 0.
    subscript(id: NodeID) -> NodeID? { causes[id.index] }

    /// One exhaustive table.
    private func cause(of id: NodeID, in graph: Graph) -> NodeID? {
        let node = graph[id]
        let inputs = node.inputs.map { causes[$0.index] }
        let any = inputs.lazy.compactMap { $0 }.first
        switch node.op {
        case .constant(let value): return value == 0 ? id : nil
        case .parameter, .input: return nil
        case .random(let draw, _):
            if case .bernoulli = draw.distribution { return id }
            return nil
        case .unary(let function):
            if function.isFlatSomewhere { return id }
            return function.row.evaluate(0) == 0 ? inputs[0] : nil
        case .binary(let function):
            switch function {
            case .add, .subtract: return inputs[0] != nil && inputs[1] != nil ? inputs[0] : kinks[id.index]
            case .multiply, .maximum, .minimum: return any
            case .divide: return inputs[0] ?? kinks[node.inputs[1].index]
            case .greater, .greaterOrEqual, .equal: return id
            }
        case .select: return inputs[1] ?? inputs[2]
        case .reduceSum: return inputs[0] ?? kinks[node.inputs[0].index]
        case .pad, .scatterAddRows, .scatterIndex, .oneHot, .argmax, .maxPoolIndex, .averagePoolGradient: return id
        case .reshape, .transpose, .broadcast, .slice, .concatenate, .reduceMax, .gatherRows, .gatherIndex,
            .averagePool, .stopGradient:
            return any
        case .matmul: return any ?? kinks[id.index]
        case .convolution(let window), .convolutionInputGradient(let window, _, _),
            .convolutionWeightGradient(let window):
            return window.leavesHoles ? id : any ?? kinks[id.index]
        case .gradient, .composite: preconditionFailure("\(node.op.name) is expanded before it is asked")
        }
    }
}

extension UnaryFunction {
    /// True of functions that are 0 on an interval, or round to 0 far out.
    fileprivate var isFlatSomewhere: Bool {
        switch self {
        case .relu, .step, .floor, .round, .leakyReLU(slope: 0), .leakyStep(slope: 0), .elu(alpha: 0), .power(0): true
        case .exponential, .sigmoid, .softplus: true
        default: false
        }
    }
}

extension Window {
    /// True if it can pass pixels over, or read padding alone.
    fileprivate var leavesHoles: Bool {
        strideHeight > kernelHeight || strideWidth > kernelWidth || max(padTop, padBottom) >= kernelHeight
            || max(padLeft, padRight) >= kernelWidth
    }
}

extension Op {
    /// True of operations with a kink, a jump or a flat part.
    fileprivate var isBent: Bool {
        switch self {
        case .unary(let function):
            switch function {
            case .absolute, .sign, .relu, .leakyReLU, .elu, .step, .leakyStep, .floor, .round, .tanh, .sigmoid,
                .softplus,
                .exponential, .squareRoot:
                true
            default: false
            }
        case .binary(let function): ![.add, .subtract, .multiply, .divide].contains(function)
        case .select, .reduceMax, .argmax, .maxPoolIndex, .gatherIndex, .scatterIndex, .oneHot, .gatherRows,
            .scatterAddRows:
            true
        default: false
        }
    }
}
