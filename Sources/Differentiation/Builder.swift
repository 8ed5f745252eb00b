import Graph

/// Appends nodes of one origin to a graph.
struct Builder {
    var graph: Graph
    var origin: Origin

    mutating func append(_ op: Op, _ inputs: NodeID...) -> NodeID { graph.append(op, inputs, origin: origin) }

    mutating func unary(_ function: UnaryFunction, _ x: NodeID) -> NodeID { append(.unary(function), x) }

    mutating func binary(_ function: BinaryFunction, _ a: NodeID, _ b: NodeID) -> NodeID {
        append(.binary(function), a, b)
    }

    mutating func full(_ value: Double, _ shape: Shape) -> NodeID { graph.full(value, shape, origin: origin) }

    mutating func add(_ a: NodeID, _ b: NodeID) -> NodeID { binary(.add, a, b) }

    /// `x + number`; `x` itself for 0.
    mutating func add(_ x: NodeID, _ number: Double) -> NodeID {
        number == 0 ? x : add(x, full(number, graph[x].shape))
    }

    /// `a · b`, without a multiplication where one of them is 1 or −1 everywhere.
    mutating func multiply(_ a: NodeID, _ b: NodeID) -> NodeID {
        for (factor, other) in [(a, b), (b, a)] {
            if graph.uniformValue(of: factor) == 1 { return other }
            if graph.uniformValue(of: factor) == -1 { return unary(.negate, other) }
        }
        return binary(.multiply, a, b)
    }

    mutating func multiply(_ x: NodeID, by factor: Double) -> NodeID { multiply(x, full(factor, graph[x].shape)) }

    mutating func sum(_ x: NodeID, _ axes: [Int]) -> NodeID { graph.sum(x, over: axes, origin: origin) }

    /// `x`, whose axes are those of `model` without `axes`, repeated along `axes`.
    mutating func stretch(_ x: NodeID, like model: NodeID, without axes: [Int]) -> NodeID {
        let shape = graph[model].shape
        return graph.broadcast(x, to: shape, axes: (0..<shape.rank).filter { !axes.contains($0) }, origin: origin)
    }
}
