import Graph

/// Along which axes all slices of a node are alike, for whatever inputs a model can get: how units that begin alike are
/// proved to stay alike.
///
/// - Complexity: linear in the nodes.
struct Alikeness {
    /// For each node and axis, whether all slices along it are known to be equal.
    private(set) var axes: [[Bool]] = []

    /// What is known of all nodes of `graph`, whose composites and gradients are expanded.
    ///
    /// - Parameter parameters: for each parameter, the axes along which it is alike, by name.
    init(_ graph: Graph, parameters: [String: [Bool]]) {
        axes.reserveCapacity(graph.nodes.count)
        for id in graph.ids { axes.append(alike(graph[id], in: graph, parameters)) }
    }

    /// The axes of node `id`.
    subscript(id: NodeID) -> [Bool] { axes[id.index] }

    /// One exhaustive table.
    private func alike(_ node: Node, in graph: Graph, _ parameters: [String: [Bool]]) -> [Bool] {
        let inputs = node.inputs.map { axes[$0.index] }
        let shapes = node.inputs.map { graph[$0].shape }
        let none = [Bool](repeating: false, count: node.shape.rank)
        switch node.op {
        case .constant: return []
        case .parameter(let name, _): return parameters[name] ?? none
        case .input, .random: return none
        case .unary, .stopGradient, .slice: return inputs[0]
        case .binary, .select: return none.indices.map { axis in inputs.allSatisfy { $0[axis] } }
        case .reshape(let shape): return reshaped(inputs[0], from: shapes[0], to: shape)
        case .transpose(let permutation): return permutation.map { inputs[0][$0] }
        case .broadcast(let shape, let places):
            return none.indices.map { axis in
                guard let own = places.firstIndex(of: axis) else { return true }
                return inputs[0][own] || (shapes[0][own] == 1 && shape[axis] > 1)
            }
        case .pad(let before, let after):
            return none.indices.map { inputs[0][$0] && before[$0] == 0 && after[$0] == 0 }
        case .concatenate(let joint):
            return none.indices.map { axis in axis != joint && inputs.allSatisfy { $0[axis] } }
        case .reduceSum(let summed), .reduceMax(let summed):
            return inputs[0].indices.filter { !summed.contains($0) }.map { inputs[0][$0] }
        case .argmax(let axis): return inputs[0].indices.filter { $0 != axis }.map { inputs[0][$0] }
        case .matmul(let transposeA, let transposeB):
            return [inputs[0][transposeA ? 1 : 0], inputs[1][transposeB ? 0 : 1]]
        case .convolution: return [inputs[0][0], false, false, inputs[1][3]]
        case .convolutionInputGradient: return [inputs[0][0], false, false, inputs[1][2]]
        case .convolutionWeightGradient: return [false, false, inputs[0][3], inputs[1][3]]
        case .gatherRows: return inputs[0]
        case .scatterAddRows: return none.indices.map { $0 > 0 && inputs[0][$0] }
        case .oneHot: return [inputs[0][0], false]
        case .gatherIndex, .scatterIndex:
            return [inputs[0][0] && inputs[1][0], false, false, inputs[0][3] && inputs[1][3]]
        case .maxPoolIndex, .averagePool, .averagePoolGradient: return [inputs[0][0], false, false, inputs[0][3]]
        case .gradient, .composite: preconditionFailure("\(node.op.name) is expanded before its axes are compared")
        }
    }

    /// Axes that are merged or split in a block are alike if all axes of the block were; extents of 1 say nothing.
    private func reshaped(_ axes: [Bool], from operand: Shape, to shape: Shape) -> [Bool] {
        var result = [Bool](repeating: false, count: shape.rank)
        var (i, j) = (0, 0)
        while i < operand.rank || j < shape.rank {
            var (from, to) = (i, j)
            var (a, b) = (1, 1)
            repeat {
                if a <= b, from < operand.rank {
                    a *= operand[from]
                    from += 1
                } else if to < shape.rank {
                    b *= shape[to]
                    to += 1
                } else {
                    a *= operand[from]
                    from += 1
                }
            } while a != b || (from == i && to == j)
            while from < operand.rank, operand[from] == 1 { from += 1 }
            while to < shape.rank, shape[to] == 1 { to += 1 }
            let isAlike = (i..<from).allSatisfy { axes[$0] || operand[$0] == 1 } && (i..<from).contains { axes[$0] }
            for axis in j..<to { result[axis] = isAlike && shape[axis] > 1 }
            (i, j) = (from, to)
        }
        return result
    }
}
