import Graph

/// Builds the body of one loop nest by walking from a node to the buffers it depends on, composing index maps on the
/// way: a broadcast drops coordinates, a transpose permutes them, a slice shifts them, a pad shifts and guards them.
struct LoopBuilder {
    let graph: Graph
    /// The buffer of a node that has one.
    let buffer: (NodeID) -> BufferID?
    /// Loop axes of the nest.
    let axes: Int
    private(set) var body: [Instruction] = []
    private(set) var origins: [Origin] = []
    private(set) var reads: [BufferID] = []
    private var known: [Instruction: Int] = [:]
    private var visited: [Visit: Int] = [:]

    private struct Visit: Hashable {
        var node: NodeID
        var map: [Affine]
        var guards: [Guard]
    }

    init(graph: Graph, axes: Int, buffer: @escaping (NodeID) -> BufferID?) {
        self.graph = graph
        self.axes = axes
        self.buffer = buffer
    }

    /// The instruction that computes `node` at the coordinates `map` (one for each of the node's axes).
    ///
    /// - Parameters:
    ///   - root: true for the node whose kernel this is: it is computed, not loaded.
    ///   - guards: conditions under which the coordinates are inside the node's extents.
    mutating func value(of id: NodeID, at map: [Affine], guards: [Guard] = [], root: Bool = false) -> Int {
        let visit = Visit(node: id, map: map, guards: guards)
        if !root, let instruction = visited[visit] { return instruction }
        let instruction = compute(id, at: map, guards: guards, root: root)
        if !root { visited[visit] = instruction }
        return instruction
    }

    private mutating func compute(_ id: NodeID, at map: [Affine], guards: [Guard], root: Bool) -> Int {
        let node = graph[id]
        if !root, let source = buffer(id) {
            if !reads.contains(source) { reads.append(source) }
            var element = Affine(terms: [Int](repeating: 0, count: axes))
            for (coordinate, stride) in zip(map, node.shape.strides) { element = element + coordinate * stride }
            return emit(.load(Access(buffer: source, element: element), guards: guards))
        }
        if node.op.isElementwise, !origins.contains(node.origin) { origins.append(node.origin) }
        func operand(_ index: Int) -> NodeID { node.inputs[index] }
        switch node.op {
        case .constant(let number):
            return emit(.constant(number))
        case .unary(let function):
            return emit(.unary(function, value(of: operand(0), at: map, guards: guards)))
        case .binary(let function):
            let a = value(of: operand(0), at: map, guards: guards)
            return emit(.binary(function, a, value(of: operand(1), at: map, guards: guards)))
        case .select:
            let condition = value(of: operand(0), at: map, guards: guards)
            let a = value(of: operand(1), at: map, guards: guards)
            return emit(.select(condition, a, value(of: operand(2), at: map, guards: guards)))
        case .stopGradient:
            return value(of: operand(0), at: map, guards: guards)
        case .broadcast(_, let targets):
            let shape = graph[operand(0)].shape
            let zero = Affine(terms: [Int](repeating: 0, count: axes))
            let inner = targets.enumerated().map { shape[$0.offset] == 1 ? zero : map[$0.element] }
            return value(of: operand(0), at: inner, guards: guards)
        case .transpose(let permutation):
            var inner = map
            for (result, source) in permutation.enumerated() { inner[source] = map[result] }
            return value(of: operand(0), at: inner, guards: guards)
        case .slice(let start, _):
            let inner = zip(map, start).map { Affine(base: $0.base + $1, terms: $0.terms) }
            return value(of: operand(0), at: inner, guards: guards)
        case .pad(let before, let after):
            let shape = graph[operand(0)].shape
            let inner = zip(map, before).map { Affine(base: $0.base - $1, terms: $0.terms) }
            var own: [Guard] = []
            for axis in 0..<shape.rank where before[axis] > 0 || after[axis] > 0 {
                own.append(Guard(coordinate: inner[axis], extent: shape[axis]))
            }
            let padded = value(of: operand(0), at: inner, guards: guards + own)
            return own.isEmpty ? padded : emit(.guarded(own, padded))
        case .reshape where graph.uniformValue(of: id) != nil:
            return emit(.constant(graph.uniformValue(of: id)!))
        default:
            preconditionFailure("\(node.op.name) \(id) has no buffer")
        }
    }

    private mutating func emit(_ instruction: Instruction) -> Int {
        if let existing = known[instruction] { return existing }
        body.append(instruction)
        known[instruction] = body.count - 1
        return body.count - 1
    }
}
