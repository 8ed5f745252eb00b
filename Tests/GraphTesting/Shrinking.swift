import Graph

/// Makes a graph that fails a test smaller while it still fails.
public enum Shrinking {
    /// The smallest graph found that `fails`, with its leaves' values.
    ///
    /// Tries to keep a single output, to replace a node by an operand of the same type, and to replace it by a leaf with
    /// the value that the node has.
    ///
    /// - Parameters:
    ///   - graph: one that fails.
    ///   - budget: how often `fails` is asked at most.
    public static func shrink(
        _ graph: Graph, feeds: [String: TensorValue], budget: Int = 1000,
        fails: (Graph, [String: TensorValue]) -> Bool
    ) -> (graph: Graph, feeds: [String: TensorValue]) {
        var (best, feeds, budget) = (graph, feeds, budget)
        func accept(_ candidate: Graph, _ values: [String: TensorValue]) -> Bool {
            budget -= 1
            guard budget >= 0, fails(candidate, values) else { return false }
            (best, feeds) = (candidate, values)
            return true
        }
        for output in best.outputs where best.outputs.count > 1 {
            var candidate = best
            candidate.outputs = [output]
            if accept(candidate.rewritten { graph, node, _ in graph.append(node) }, feeds) { break }
        }
        var changed = true
        while changed, budget > 0 {
            changed = false
            let values =
                (try? Interpreter(best).nodeValues(feeds)) ?? [TensorValue?](repeating: nil, count: best.nodes.count)
            for id in best.ids.reversed() where !best[id].op.isLeaf {
                let node = best[id]
                var candidates = node.inputs.filter { best[$0].type == node.type }.map { operand in
                    (best.replacing(id, by: operand), feeds)
                }
                if let value = values[id.index] {
                    let name = "shrunk\(feeds.count)"
                    candidates.insert((best.replacing(id, byInput: name), feeds.merging([name: value]) { $1 }), at: 0)
                }
                if candidates.contains(where: { accept($0.0, $0.1) }) {
                    changed = true
                    break
                }
            }
        }
        let names = Set(best.nodes.compactMap(\.op.leafName))
        return (best, feeds.filter { names.contains($0.key) })
    }
}

extension Graph {
    /// A copy in which `operand` stands for `id`.
    fileprivate func replacing(_ id: NodeID, by operand: NodeID) -> Graph {
        var places: [NodeID: NodeID] = [:]
        var graph = self
        graph.outputs.append(Output("shrinking.operand", operand))
        var copy = graph.rewritten { result, node, source in
            let place = source == id ? places[operand]! : result.append(node)
            places[source] = place
            return place
        }
        copy.outputs.removeLast()
        return copy.rewritten { result, node, _ in result.append(node) }
    }

    /// A copy in which an input called `name` stands for `id`.
    fileprivate func replacing(_ id: NodeID, byInput name: String) -> Graph {
        rewritten { result, node, source in
            source == id
                ? result.append(.input(name: name, node.type), origin: node.origin) : result.append(node)
        }.rewritten { result, node, _ in result.append(node) }
    }
}

extension Op {
    /// The name a leaf's value is given under.
    fileprivate var leafName: String? {
        switch self {
        case .parameter(let name, _), .input(let name, _): name
        case .random(let draw, _): draw.name
        default: nil
        }
    }
}
