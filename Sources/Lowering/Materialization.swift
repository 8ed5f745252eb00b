import Graph

/// Decides which nodes become buffers and which are computed inside the kernels that use them.
///
/// A node gets a buffer if a kernel must find it in memory (operands and results of contractions, indexing, pooling,
/// concatenation; operands of reshapes; outputs), or if several kernels need it and computing it again costs more than
/// storing it. Everything else is inlined.
struct Materialization {
    /// True where a node's value lies in a buffer of its own (or in its operand's, for reshapes).
    private(set) var isStored: [Bool]

    init(_ graph: Graph) {
        let users = graph.users()
        let reachable = graph.reachable()
        isStored = [Bool](repeating: false, count: graph.nodes.count)
        // What is in memory whatever fusion does, known before anything is decided.
        for output in graph.outputs { isStored[output.node.index] = true }
        for id in graph.ids.reversed() where reachable[id.index] {
            let isForced = users[id.index].contains { user in
                guard reachable[user.index] else { return false }
                // A slice that must be in memory is best a stretch of its operand's.
                if case .slice(_, let size) = graph[user].op, isStored[user.index] {
                    return graph[id].shape.isStretch(size: size)
                }
                return Self.needsMemory(graph[user], operand: id)
            }
            if isForced || Self.isAlwaysStored(graph[id].op) { isStored[id.index] = true }
        }
        // Arithmetic in place of a contraction's result, by its epilogue, costs no memory at all.
        func readers(_ id: NodeID) -> Int { users[id.index].count { reachable[$0.index] } }
        for id in graph.ids where reachable[id.index] && graph[id].op.isElementwise && readers(id) > 1 {
            if graph[id].inputs.contains(where: { graph[$0].op.isContraction && readers($0) == 1 }) {
                isStored[id.index] = true
            }
        }
        let forced = isStored
        func isBesideMemory(_ node: Node) -> Bool { Self.isBesideMemory(node, graph, forced) }
        // The stored nodes into whose kernels a node's arithmetic goes; budgeted, as three are already too many.
        var kernels = [[NodeID]](repeating: [], count: graph.nodes.count)

        for id in graph.ids.reversed() where reachable[id.index] {
            let node = graph[id]
            var roots: [NodeID] = []
            for user in users[id.index] where reachable[user.index] {
                if Self.needsMemory(graph[user], operand: id) {
                    roots.append(user)
                } else if isStored[user.index] {
                    roots.append(user)
                } else {
                    roots.append(contentsOf: kernels[user.index])
                }
            }
            var distinct: [NodeID] = []
            for root in roots where distinct.count < 4 && !distinct.contains(root) { distinct.append(root) }
            kernels[id.index] = distinct

            switch node.op {
            case .constant: isStored[id.index] = false
            case .unary(.negate): break  // what it negates is stored instead, if that is worth it
            case .unary(let function):
                if distinct.count > 1 && !(function.row.isCheap && isBesideMemory(node)) {
                    isStored[id.index] = true
                }
            case .binary, .select:
                if distinct.count > 1 && !isBesideMemory(node) { isStored[id.index] = true }
            default: break
            }
            // A stretched operand would be computed once for each copy.
            if node.op.isElementwise, !isStored[id.index], !isBesideMemory(node),
                users[id.index].contains(where: { Self.stretches(graph[$0], from: node.shape) })
            {
                isStored[id.index] = true
            }
        }
        for id in graph.ids { if case .constant = graph[id].op { isStored[id.index] = false } }
    }

    /// True for operations that are kernels of their own, or views of memory.
    private static func isAlwaysStored(_ op: Op) -> Bool {
        switch op {
        case .constant, .unary, .binary, .select, .broadcast, .transpose, .slice, .pad, .stopGradient: false
        default: true
        }
    }

    /// True where `user` reads its operand from memory.
    private static func needsMemory(_ user: Node, operand: NodeID) -> Bool {
        switch user.op {
        case .unary, .binary, .select, .broadcast, .transpose, .slice, .pad, .reduceSum, .reduceMax, .concatenate,
            .stopGradient:
            false
        case .reshape, .matmul, .convolution, .convolutionInputGradient, .convolutionWeightGradient, .gatherRows,
            .scatterAddRows, .oneHot, .argmax, .maxPoolIndex, .gatherIndex, .scatterIndex, .averagePool,
            .averagePoolGradient:
            true
        case .constant, .parameter, .input, .random, .gradient, .composite: false
        }
    }

    /// True where a node's operands are numbers or tensors that lie in memory anyway, so that computing it again costs
    /// about as many loads as reading its result.
    private static func isBesideMemory(_ node: Node, _ graph: Graph, _ stored: [Bool]) -> Bool {
        /// A row or column that is used so often that it stays in the nearest cache: in memory, or a step away from it.
        func isAtHand(_ id: NodeID) -> Bool {
            guard graph[id].shape.count * 16 <= node.shape.count else { return false }
            if stored[id.index] { return true }
            guard case .binary = graph[id].op else { return false }
            return isBesideMemory(graph[id], graph, stored)
        }
        var tensors = 0
        for input in node.inputs {
            switch graph[input].op {
            case .constant: break
            case .broadcast where graph.uniformValue(of: input) != nil: break
            case .broadcast where isAtHand(graph[input].inputs[0]): break
            case .broadcast where stored[graph[input].inputs[0].index]: tensors += 1
            default:
                guard stored[input.index] else { return false }
                tensors += 1
            }
        }
        return tensors <= 1
    }

    private static func stretches(_ user: Node, from shape: Shape) -> Bool {
        guard case .broadcast(let target, _) = user.op else { return false }
        return target.count > shape.count && shape.count > 1
    }
}
