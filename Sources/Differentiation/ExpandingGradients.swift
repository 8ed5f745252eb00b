import Graph

extension Graph {
    /// The graph with every composite decomposed and every gradient written out.
    ///
    /// Gradients are replaced in the order of the graph, so one may be part of what another differentiates, to any
    /// depth. One that is zero whatever the numbers are becomes the number 0.
    ///
    /// - Returns: the graph, and the gradients that are zero with the reasons, in the order of the graph. The reasons'
    ///   origins hold for any graph; their node numbers are of this one.
    public func expandingGradients() -> (graph: Graph, findings: [ZeroFinding]) {
        var findings: [ZeroFinding] = []
        let expanded = decomposed().rewritten { graph, node, _ in
            guard case .gradient = node.op else { return graph.append(node) }
            let (result, variable) = (node.inputs[0], node.inputs[1])
            switch graph.gradients(of: result, wrt: [variable])[0] {
            case .node(let gradient):
                return gradient
            case .zero(let reason):
                findings.append(
                    ZeroFinding(result: graph[result].origin, variable: graph[variable].origin, reason: reason))
                return graph.full(0, node.shape, origin: node.origin)
            }
        }
        return (expanded, findings)
    }

    /// The graph with every gradient in it written out, and one more output `gradient:<name>` for each of `parameters`.
    ///
    /// - Parameters:
    ///   - loss: the output that is differentiated, a scalar.
    ///   - parameters: names and shapes, in the order of the outputs; a gradient that is zero whatever the numbers are,
    ///     as is that of a parameter that the graph does not have, becomes zeros.
    /// - Returns: the graph, and what is zero and why: gradients inside the graph first, then those of parameters.
    /// - Throws: ``DifferentiationError`` when there is no such output or it is not a scalar.
    public func appendingGradients(
        of loss: String, wrt parameters: [(name: String, shape: Shape)]
    ) throws -> (graph: Graph, findings: [ZeroFinding]) {
        var (graph, findings) = expandingGradients()
        guard let result = graph.output(loss) else {
            throw DifferentiationError(message: "the graph has no output \(loss)")
        }
        guard graph[result].shape == .scalar else {
            throw DifferentiationError(message: "\(loss) is \(graph[result].shape); only a scalar is a loss")
        }
        var variables: [NodeID] = []
        for (name, shape) in parameters {
            variables.append(graph.append(.parameter(name: name, shape), origin: Origin(name)))
        }
        let gradients = graph.gradients(of: result, wrt: variables)
        for ((parameter, variable), gradient) in zip(zip(parameters, variables), gradients) {
            switch gradient {
            case .node(let node):
                graph.outputs.append(Output("gradient:\(parameter.name)", node))
            case .zero(let reason):
                let origin = graph[variable].origin
                findings.append(ZeroFinding(result: graph[result].origin, variable: origin, reason: reason))
                let zeros = graph.full(0, parameter.shape, origin: origin.differentiated)
                graph.outputs.append(Output("gradient:\(parameter.name)", zeros))
            }
        }
        return (graph, findings)
    }

    /// The same as ``appendingGradients(of:wrt:)-(_,[(String,Shape)])`` for parameters that the graph has.
    ///
    /// - Throws: also when the graph has no parameter of one of the names.
    public func appendingGradients(
        of loss: String, wrt parameters: [String]
    ) throws -> (graph: Graph, findings: [ZeroFinding]) {
        var shapes: [String: Shape] = [:]
        for node in nodes { if case .parameter(let name, let shape) = node.op { shapes[name] = shape } }
        return try appendingGradients(
            of: loss,
            wrt: parameters.map { name in
                guard let shape = shapes[name] else {
                    throw DifferentiationError(message: "the graph has no parameter \(name)")
                }
                return (name, shape)
            })
    }
}

/// A gradient that cannot be asked for.
public struct DifferentiationError: Error, Hashable, CustomStringConvertible, Sendable {
    /// One line with the names and shapes.
    public var message: String

    /// The message.
    public var description: String { message }
}
