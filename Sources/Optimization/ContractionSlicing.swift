import Graph

/// Contracts only what is used of operands and result, where cutting an operand is cheaper than cutting the result, or
/// than padding the other operand.
///
///     slice(convolutionInputGradient(g, w)) of channels → convolutionInputGradient(g, slice(w))
///     convolution(pad(x), w) by channels → convolution(x, slice(w))
///     convolutionWeightGradient(pad(x), g) by channels → pad(convolutionWeightGradient(x, g))
///
/// and likewise for every other contraction and axis. This is what remains of a critic's conditioning planes when only
/// the image's gradient is asked for.
public let contractionSlicing = Pass("contraction-slicing") { graph, _ in
    let users = graph.users()
    return graph.rebuilt { build, node, source in
        switch node.op {
        case .slice(let start, let size) where users[graph[source].inputs[0].index].count == 1:
            build.sliceOperands(start, size, node)
        case .matmul, .convolution, .convolutionInputGradient, .convolutionWeightGradient:
            build.unpad(node, slot: 0) ?? build.unpad(node, slot: 1)
        default: nil
        }
    }
}

/// An axis of one of a contraction's two operands.
private struct OperandAxis: Equatable {
    var slot: Int
    var axis: Int
}

/// Which axes of a contraction's operands and result belong together. Rows and columns of images belong to no other
/// axis, since windows overlap.
private struct ContractionAxes {
    /// For each axis of the result that is one of an operand's, this one.
    var free: [Int: OperandAxis]
    /// Axes that are summed over: of the first operand, and of the second.
    var contracted: [(Int, Int)]

    init?(_ op: Op) {
        switch op {
        case .matmul(let transposeA, let transposeB):
            let (a, b) = (transposeA ? 0 : 1, transposeB ? 1 : 0)
            free = [0: OperandAxis(slot: 0, axis: 1 - a), 1: OperandAxis(slot: 1, axis: 1 - b)]
            contracted = [(a, b)]
        case .convolution:
            free = [0: OperandAxis(slot: 0, axis: 0), 3: OperandAxis(slot: 1, axis: 3)]
            contracted = [(3, 2)]
        case .convolutionInputGradient:
            free = [0: OperandAxis(slot: 0, axis: 0), 3: OperandAxis(slot: 1, axis: 2)]
            contracted = [(3, 3)]
        case .convolutionWeightGradient:
            free = [2: OperandAxis(slot: 0, axis: 3), 3: OperandAxis(slot: 1, axis: 3)]
            contracted = [(0, 0)]
        default:
            return nil
        }
    }
}

extension Builder {
    /// The slice of a contraction as the contraction of slices.
    fileprivate mutating func sliceOperands(_ start: [Int], _ size: [Int], _ node: Node) -> NodeID? {
        let contraction = graph[node.inputs[0]]
        guard let axes = ContractionAxes(contraction.op) else { return nil }
        let cut = size.indices.filter { size[$0] != contraction.shape[$0] }
        guard cut.count == 1, let operand = axes.free[cut[0]] else { return nil }
        return contract(
            contraction.op, contraction.inputs, cutting: operand, from: start[cut[0]], size: size[cut[0]],
            budget: node.shape.count)
    }

    /// A contraction of an operand padded along one axis as a contraction of the operand itself.
    fileprivate mutating func unpad(_ node: Node, slot: Int) -> NodeID? {
        let operand = graph[node.inputs[slot]]
        guard case .pad(let before, let after) = operand.op, let axes = ContractionAxes(node.op) else { return nil }
        let inner = operand.inputs[0]
        let padded = before.indices.filter { before[$0] + after[$0] > 0 }
        guard padded.count == 1, let axis = padded.first else { return nil }
        var inputs = node.inputs
        inputs[slot] = inner
        if let pair = axes.contracted.first(where: { (slot == 0 ? $0.0 : $0.1) == axis }) {
            let other = OperandAxis(slot: 1 - slot, axis: slot == 0 ? pair.1 : pair.0)
            return contract(
                node.op, inputs, cutting: other, from: before[axis], size: graph[inner].shape[axis],
                budget: operand.shape.count)
        }
        let own = OperandAxis(slot: slot, axis: axis)
        guard let place = axes.free.first(where: { $0.value == own })?.key, node.shape.count <= operand.shape.count
        else { return nil }
        let result = graph.append(node.op, inputs, origin: origin)
        var start = [Int](repeating: 0, count: node.shape.rank)
        var end = start
        start[place] = before[axis]
        end[place] = after[axis]
        return append(.pad(before: start, after: end), result)
    }

    /// The contraction `op` with one operand cut along `operand`, unless the cut has more than `budget` elements.
    private mutating func contract(
        _ op: Op, _ inputs: [NodeID], cutting operand: OperandAxis, from position: Int, size extent: Int, budget: Int
    ) -> NodeID? {
        var inputs = inputs
        let whole = graph[inputs[operand.slot]].shape
        var start = [Int](repeating: 0, count: whole.rank)
        var size = whole.dimensions
        start[operand.axis] = position
        size[operand.axis] = extent
        guard Shape(size).count <= budget else { return nil }
        inputs[operand.slot] = append(.slice(start: start, size: size), inputs[operand.slot])
        return graph.append(op, inputs, origin: origin)
    }
}
