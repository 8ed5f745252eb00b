import Graph

extension Graph {
    /// The first node that could index past an end, as text; nil if none can.
    ///
    /// Emitted C checks labels against the number of classes and trusts every other index. Types do not say how large an
    /// index can be, so a damaged graph could gather the tenth of three rows.
    ///
    /// - Complexity: linear in the number of nodes.
    func indexMistake(classes: Int) -> String? {
        // For each node whose elements are indices, a number that all of them are below.
        var limits = [Int](repeating: 0, count: nodes.count)
        for id in ids {
            let node = self[id]
            let shapes = node.inputs.map { self[$0].shape }
            let needed: (index: NodeID, limit: Int)?
            switch node.op {
            case .gatherRows: needed = (node.inputs[1], shapes[0][0])
            case .scatterAddRows(let count): needed = (node.inputs[1], count)
            case .oneHot(let count): needed = (node.inputs[0], count)
            case .gatherIndex: needed = (node.inputs[1], shapes[0][1] * shapes[0][2])
            case .scatterIndex(let height, let width): needed = (node.inputs[1], height * width)
            default: needed = nil
            }
            if let needed, limits[needed.index.index] > needed.limit {
                return "node \(id.index) indexes \(needed.limit) places by numbers up to "
                    + "\(limits[needed.index.index] - 1)"
            }
            guard node.type.element == .index else { continue }
            switch node.op {
            case .input: limits[id.index] = classes
            case .argmax(let axis): limits[id.index] = shapes[0][axis]
            case .maxPoolIndex: limits[id.index] = shapes[0][1] * shapes[0][2]
            default: limits[id.index] = node.inputs.map { limits[$0.index] }.max() ?? 0
            }
        }
        return nil
    }
}
