/// Appends nodes of one origin to a graph: what derivatives and passes are written with.
package struct Builder {
    /// The graph so far.
    package var graph: Graph
    /// The origin of the nodes to come.
    package var origin: Origin

    package init(graph: Graph, origin: Origin) {
        self.graph = graph
        self.origin = origin
    }

    package mutating func append(_ op: Op, _ inputs: NodeID...) -> NodeID { graph.append(op, inputs, origin: origin) }

    package mutating func unary(_ function: UnaryFunction, _ x: NodeID) -> NodeID { append(.unary(function), x) }

    package mutating func binary(_ function: BinaryFunction, _ a: NodeID, _ b: NodeID) -> NodeID {
        append(.binary(function), a, b)
    }

    package mutating func full(_ value: Double, _ shape: Shape) -> NodeID { graph.full(value, shape, origin: origin) }

    package mutating func add(_ a: NodeID, _ b: NodeID) -> NodeID { binary(.add, a, b) }

    /// `x + number`; `x` itself for 0.
    package mutating func add(_ x: NodeID, _ number: Double) -> NodeID {
        number == 0 ? x : add(x, full(number, graph[x].shape))
    }

    /// `a · b`, without a multiplication where one of them is 1 or −1 everywhere.
    package mutating func multiply(_ a: NodeID, _ b: NodeID) -> NodeID {
        for (factor, other) in [(a, b), (b, a)] {
            if graph.uniformValue(of: factor) == 1 { return other }
            if graph.uniformValue(of: factor) == -1 { return unary(.negate, other) }
        }
        return binary(.multiply, a, b)
    }

    package mutating func multiply(_ x: NodeID, by factor: Double) -> NodeID {
        multiply(x, full(factor, graph[x].shape))
    }

    package mutating func sum(_ x: NodeID, _ axes: [Int]) -> NodeID { graph.sum(x, over: axes, origin: origin) }

    /// `x`, whose axes are those of `model` without `axes`, repeated along `axes`.
    package mutating func stretch(_ x: NodeID, like model: NodeID, without axes: [Int]) -> NodeID {
        let shape = graph[model].shape
        return graph.broadcast(x, to: shape, axes: (0..<shape.rank).filter { !axes.contains($0) }, origin: origin)
    }

    /// `x` with the same elements in `shape`; `x` itself if it has that shape.
    package mutating func reshape(_ x: NodeID, _ shape: Shape) -> NodeID {
        graph.reshape(x, to: shape, origin: origin)
    }

    /// `node`, whose inputs are of this graph.
    package mutating func append(_ node: Node) -> NodeID { graph.append(node) }
}

extension Graph {
    /// A copy in which each node that an output depends on is replaced by what `rule` builds for it.
    ///
    /// The rule is given a builder with the node's origin, and the node with its inputs already replaced; where it
    /// returns nil the node stays. Unreachable nodes are left out.
    ///
    /// - Complexity: linear in the number of nodes, times what the rule does.
    package func rebuilt(_ rule: (_ build: inout Builder, _ node: Node) -> NodeID?) -> Graph {
        rebuilt { build, node, _ in rule(&build, node) }
    }

    /// The same for a rule that also needs the node's place in this graph.
    package func rebuilt(_ rule: (_ build: inout Builder, _ node: Node, _ source: NodeID) -> NodeID?) -> Graph {
        let reachable = reachable()
        var build = Builder(graph: Graph(), origin: Origin(""))
        var replacement = [NodeID?](repeating: nil, count: nodes.count)
        for id in ids where reachable[id.index] {
            var node = self[id]
            node.inputs = node.inputs.map { replacement[$0.index]! }
            build.origin = node.origin
            replacement[id.index] = rule(&build, node, id) ?? build.append(node)
        }
        build.graph.outputs = outputs.map { Output($0.name, replacement[$0.node.index]!) }
        return build.graph
    }
}
