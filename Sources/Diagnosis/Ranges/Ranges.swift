import Graph

/// Between which numbers the elements of every node lie, for whatever inputs a model can get: interval arithmetic
/// (Moore 1966), one interval for a whole tensor.
///
/// Images lie in −1 ... 1. A node whose interval is 0 alone is 0 in every element.
///
/// - Complexity: linear in the nodes.
struct Ranges {
    /// By node, in order.
    private(set) var intervals: [Interval] = []

    /// How far from the mean a standard normal number of the emitted C can be: `√(−2 ln 2⁻²⁴)`, since it is made by Box
    /// and Muller's transform of uniform numbers that are multiples of 2⁻²⁴.
    static let normalLimit = 5.77

    /// The intervals of all nodes of `graph`, whose composites and gradients are expanded.
    ///
    /// - Parameter parameters: what is known of parameters, by name; anything if nothing is.
    init(_ graph: Graph, parameters: [String: Interval]) {
        intervals.reserveCapacity(graph.nodes.count)
        for id in graph.ids { intervals.append(interval(of: graph[id], in: graph, parameters)) }
    }

    /// The interval of node `id`.
    subscript(id: NodeID) -> Interval { intervals[id.index] }

    /// One exhaustive table.
    private func interval(of node: Node, in graph: Graph, _ parameters: [String: Interval]) -> Interval {
        let inputs = node.inputs.map { intervals[$0.index] }
        let operand = node.inputs.first.map { graph[$0].shape } ?? .scalar
        switch node.op {
        case .constant(let value): return .point(value)
        case .parameter(let name, _): return parameters[name] ?? .all
        case .input(let name, let type):
            return type.element == .index ? Interval(0, .infinity) : name == "images" ? Interval(-1, 1) : .all
        case .random(let draw, _): return draw.distribution.interval

        case .unary(let function): return unary(function, inputs[0])
        case .binary(let function):
            return node.inputs[0] == node.inputs[1]
                ? twice(function, inputs[0]) : binary(function, inputs[0], inputs[1])
        case .select:
            if inputs[0].isZero { return inputs[2] }
            return inputs[0].containsZero ? inputs[1].joined(with: inputs[2]) : inputs[1]

        case .reshape, .transpose, .broadcast, .slice, .stopGradient, .reduceMax, .averagePool, .gatherRows,
            .gatherIndex:
            return inputs[0]
        case .pad: return inputs[0].joined(with: .zero)
        case .concatenate: return inputs.dropFirst().reduce(inputs[0]) { $0.joined(with: $1) }
        case .reduceSum: return inputs[0].summed(operand.count / node.shape.count)

        case .matmul(let transposeA, _): return (inputs[0] * inputs[1]).summed(operand[transposeA ? 0 : 1])
        case .convolution(let window):
            return (inputs[0] * inputs[1]).summed(upTo: window.kernelHeight * window.kernelWidth * operand[3])
        case .convolutionInputGradient(let window, _, _):
            return (inputs[0] * inputs[1]).summed(upTo: window.kernelHeight * window.kernelWidth * operand[3])
        case .convolutionWeightGradient:
            let cotangent = graph[node.inputs[1]].shape
            return (inputs[0] * inputs[1]).summed(upTo: cotangent[0] * cotangent[1] * cotangent[2])

        case .scatterAddRows: return inputs[0].summed(upTo: operand[0])
        case .scatterIndex: return inputs[0].summed(upTo: operand[1] * operand[2])
        case .averagePoolGradient(let window, _, _):
            return inputs[0].summed(upTo: window.kernelHeight * window.kernelWidth)
        case .oneHot: return Interval(0, 1)
        case .argmax(let axis): return Interval(0, Double(operand[axis] - 1))
        case .maxPoolIndex: return Interval(0, Double(operand[1] * operand[2] - 1))

        case .gradient, .composite: preconditionFailure("\(node.op.name) is expanded before its range is asked")
        }
    }

    private func unary(_ function: UnaryFunction, _ x: Interval) -> Interval {
        let evaluate = function.row.evaluate
        switch function {
        case .negate: return -x
        case .square, .power(2): return x.squared
        case .reciprocal, .power(-1): return x.reciprocal
        case .absolute: return x.containsZero ? Interval(0, max(-x.low, x.high)) : x.low > 0 ? x : -x
        case .sine, .cosine: return x.isPoint ? .point(evaluate(x.low)) : Interval(-1, 1)
        case .logarithm, .squareRoot: return x.low >= 0 ? x.mapped(evaluate) : .all
        case .power(let exponent): return x.low >= 0 && exponent >= 0 ? x.mapped(evaluate) : .all
        case .leakyReLU(let slope): return slope >= 0 ? x.mapped(evaluate) : .all
        case .elu(let alpha): return alpha >= 0 ? x.mapped(evaluate) : .all
        case .leakyStep(let slope): return slope <= 1 ? x.mapped(evaluate) : Interval(1, slope)
        case .sign, .exponential, .tanh, .sigmoid, .softplus, .relu, .step, .floor, .round: return x.mapped(evaluate)
        }
    }

    private func binary(_ function: BinaryFunction, _ a: Interval, _ b: Interval) -> Interval {
        switch function {
        case .add: return a + b
        case .subtract: return a - b
        case .multiply: return a * b
        case .divide: return a.isZero ? .zero : a * b.reciprocal
        case .maximum: return Interval(max(a.low, b.low), max(a.high, b.high))
        case .minimum: return Interval(min(a.low, b.low), min(a.high, b.high))
        case .greater: return a.low > b.high ? .point(1) : a.high <= b.low ? .zero : Interval(0, 1)
        case .greaterOrEqual: return a.low >= b.high ? .point(1) : a.high < b.low ? .zero : Interval(0, 1)
        case .equal: return a.high < b.low || b.high < a.low ? .zero : a.isPoint && a == b ? .point(1) : Interval(0, 1)
        }
    }

    /// The function of a value and itself.
    private func twice(_ function: BinaryFunction, _ x: Interval) -> Interval {
        switch function {
        case .add: x * .point(2)
        case .subtract, .greater: .zero
        case .multiply: x.squared
        case .divide: .point(1)
        case .maximum, .minimum: x
        case .greaterOrEqual, .equal: .point(1)
        }
    }
}

extension Distribution {
    /// The numbers that can be drawn.
    var interval: Interval {
        switch self {
        case .uniform(let low, let high): return Interval(low, high)
        case .normal(let mean, let deviation):
            let reach = Ranges.normalLimit * deviation
            return Interval(mean - reach, mean + reach)
        case .bernoulli(let probability, let value):
            if probability == 0 { return .zero }
            return probability == 1 ? .point(value) : Interval.point(value).joined(with: .zero)
        }
    }
}
