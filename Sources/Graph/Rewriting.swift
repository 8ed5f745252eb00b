extension Graph {
    /// Which nodes an output depends on, by index.
    public func reachable() -> [Bool] {
        var reachable = [Bool](repeating: false, count: nodes.count)
        for output in outputs { reachable[output.node.index] = true }
        for id in ids.reversed() where reachable[id.index] {
            for input in self[id].inputs { reachable[input.index] = true }
        }
        return reachable
    }

    /// A copy in which each node that an output depends on is replaced by what `rule` builds for it.
    ///
    /// The rule is given the graph under construction and the node with its inputs already replaced; it returns the
    /// replacement's place in the new graph. Unreachable nodes are left out.
    ///
    /// - Complexity: linear in the number of nodes, times what the rule does.
    public func rewritten(_ rule: (_ graph: inout Graph, _ node: Node, _ source: NodeID) -> NodeID) -> Graph {
        let reachable = reachable()
        var result = Graph()
        var replacement = [NodeID?](repeating: nil, count: nodes.count)
        for id in ids where reachable[id.index] {
            var node = self[id]
            node.inputs = node.inputs.map { replacement[$0.index]! }
            replacement[id.index] = rule(&result, node, id)
        }
        result.outputs = outputs.map { Output($0.name, replacement[$0.node.index]!) }
        return result
    }

    /// Appends a node that was built for another graph and whose inputs are already of this one.
    @discardableResult
    public mutating func append(_ node: Node) -> NodeID { append(node.op, node.inputs, origin: node.origin) }
}
