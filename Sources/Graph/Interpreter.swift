/// Evaluates a graph in double precision, one node after the other: the definition of what each operation means, against
/// which passes and emitted C are compared.
public struct Interpreter: Sendable {
    /// The graph evaluated.
    public let graph: Graph

    /// An interpreter of `graph`, whose composites and gradients are expanded.
    public init(_ graph: Graph) { self.graph = graph }

    /// The outputs' values in the order in which the graph reports them.
    public struct Results: Sendable {
        /// Each output's name and value.
        public let outputs: [(name: String, value: TensorValue)]

        /// The value of output `name`; nil if the graph has no such output.
        public subscript(name: String) -> TensorValue? { outputs.first { $0.name == name }?.value }
    }

    /// Evaluates what the outputs depend on.
    ///
    /// - Parameter feeds: the values of parameters, inputs and random draws, by name. Names the graph does not have are
    ///   ignored.
    /// - Throws: ``InterpreterError`` when a value is missing, has another shape, or indexes past an end, and when the
    ///   graph still holds a composite or a gradient.
    public func evaluate(_ feeds: [String: TensorValue]) throws(InterpreterError) -> Results {
        let values = try nodeValues(feeds)
        return Results(outputs: graph.outputs.map { ($0.name, values[$0.node.index]!) })
    }

    /// The value of each node that an output depends on, by the node's index; nil for the others.
    ///
    /// - Throws: as ``evaluate(_:)``.
    public func nodeValues(_ feeds: [String: TensorValue]) throws(InterpreterError) -> [TensorValue?] {
        let reachable = graph.reachable()
        var values = [TensorValue?](repeating: nil, count: graph.nodes.count)
        for id in graph.ids where reachable[id.index] {
            let node = graph[id]
            let inputs = node.inputs.map { values[$0.index]! }
            do {
                values[id.index] = TensorValue(node.shape, try Evaluation(node: node, inputs: inputs).elements(feeds))
            } catch {
                throw InterpreterError("\(id) (\(node.origin.name)): \(error.message)")
            }
        }
        return values
    }
}

/// Why a graph cannot be evaluated.
public struct InterpreterError: Error, Hashable, CustomStringConvertible, Sendable {
    /// One line with names and numbers.
    public var message: String

    /// The message.
    public var description: String { message }

    /// An error that says `message`.
    init(_ message: String) { self.message = message }
}

/// One node about to be evaluated. The families of operations are extensions in files of their own.
struct Evaluation {
    let node: Node
    let inputs: [TensorValue]

    /// The result's shape.
    var shape: Shape { node.shape }

    /// The result's elements: one exhaustive table.
    func elements(_ feeds: [String: TensorValue]) throws(InterpreterError) -> [Double] {
        switch node.op {
        case .constant(let value): [value]
        case .parameter(let name, _), .input(let name, _): try feed(name, feeds)
        case .random(let draw, _): try feed(draw.name, feeds)

        case .unary(let function): inputs[0].elements.map(function.row.evaluate)
        case .binary(let function): zip(inputs[0].elements, inputs[1].elements).map(function.row.evaluate)
        case .select: inputs[0].elements.indices.map { inputs[inputs[0].elements[$0] != 0 ? 1 : 2].elements[$0] }

        case .reshape, .stopGradient: inputs[0].elements
        case .transpose(let permutation): transpose(permutation)
        case .broadcast(_, let axes): broadcast(axes: axes)
        case .slice(let start, _): slice(from: start)
        case .pad(let before, _): placed([(inputs[0], before)])
        case .concatenate(let axis): concatenate(axis: axis)
        case .reduceSum(let axes): reduce(axes, from: 0) { $0 + $1 }
        case .reduceMax(let axes): reduce(axes, from: -.infinity) { max($0, $1) }

        case .matmul(let transposeA, let transposeB): matmul(transposeA, transposeB)
        case .convolution(let window): convolution(window)
        case .convolutionInputGradient(let window, _, _): convolutionInputGradient(window)
        case .convolutionWeightGradient(let window): convolutionWeightGradient(window)

        case .gatherRows: try gatherRows()
        case .scatterAddRows: try scatterAddRows()
        case .oneHot(let classes): try oneHot(classes)
        case .argmax(let axis): argmax(axis: axis)
        case .maxPoolIndex(let window): maxPoolIndex(window)
        case .gatherIndex: try gatherIndex()
        case .scatterIndex: try scatterIndex()
        case .averagePool(let window): averagePool(window)
        case .averagePoolGradient(let window, _, _): averagePoolGradient(window)

        case .gradient: throw InterpreterError("a gradient is to be expanded before the graph is evaluated")
        case .composite: throw InterpreterError("\(node.op.name) is to be decomposed before the graph is evaluated")
        }
    }

    private func feed(_ name: String, _ feeds: [String: TensorValue]) throws(InterpreterError) -> [Double] {
        guard let value = feeds[name] else { throw InterpreterError("no value is given for \(name)") }
        guard value.shape == shape else { throw InterpreterError("\(name) is \(shape), but \(value.shape) is given") }
        return value.elements
    }
}
