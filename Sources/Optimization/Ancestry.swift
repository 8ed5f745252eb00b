import Graph

/// For each node of a graph, what it depends on.
struct Ancestry {
    private var words: [[UInt64]]

    /// - Complexity: nodes times nodes / 64.
    init(_ graph: Graph) {
        let width = (graph.nodes.count + 63) / 64
        words = [[UInt64]](repeating: [UInt64](repeating: 0, count: width), count: graph.nodes.count)
        for id in graph.ids {
            for input in graph[id].inputs {
                for word in 0..<width { words[id.index][word] |= words[input.index][word] }
                words[id.index][input.index / 64] |= 1 << UInt64(input.index % 64)
            }
        }
    }

    /// True if `node` depends on `other`.
    func depends(_ node: NodeID, on other: NodeID) -> Bool {
        words[node.index][other.index / 64] >> UInt64(other.index % 64) & 1 == 1
    }

    /// True if none of `nodes` depends on another.
    func areIndependent(_ nodes: [NodeID]) -> Bool {
        nodes.allSatisfy { a in nodes.allSatisfy { a == $0 || !depends(a, on: $0) } }
    }
}
