import Graph

/// What a graph's inputs and outputs are to the emitted file.
public enum FunctionKind: Sendable {
    /// A part of the training step: real examples are gathered, gradients and values have their own blocks.
    case phase
    /// A function of tensors that the caller holds.
    case plain
}

extension Function {
    /// Lowers an optimised graph: decides which nodes get buffers, fuses the rest into loop nests, and orders the
    /// kernels.
    ///
    /// - Parameters:
    ///   - graph: without composites and unexpanded gradients.
    ///   - name: a C identifier.
    ///   - prefix: what every kernel's name begins with.
    ///   - kind: what inputs and outputs are.
    public init(lowering graph: Graph, name: String, prefix: String, kind: FunctionKind) {
        var lowering = FunctionLowering(graph, prefix: prefix, kind: kind)
        lowering.run()
        self.init(
            name: name, prefix: prefix, buffers: lowering.buffers, kernels: lowering.kernels, draws: lowering.draws,
            values: lowering.values, arguments: lowering.arguments, results: lowering.results)
        joinProducts()
        fuseEpilogues()
        schedule()
        plan = MemoryPlan(self)
        choose()
    }
}

/// The state of one lowering.
struct FunctionLowering {
    let graph: Graph
    let kind: FunctionKind
    let materialization: Materialization
    var names: NameTable
    var buffers: [Buffer] = []
    var kernels: [Kernel] = []
    var draws: [Function.DrawSite] = []
    var values: [String] = []
    var arguments: [Function.Signature] = []
    var results: [Function.Signature] = []
    /// The buffer in which a stored node's value lies.
    var location: [BufferID?]
    /// Storage that an output, or a concatenation that a node is an operand of, asks the node's buffer to have.
    private var demanded: [Int: Storage] = [:]
    /// Outputs whose node's buffer cannot be theirs, and which are therefore copied.
    private var copies: [(name: String, node: NodeID, storage: Storage)] = []

    init(_ graph: Graph, prefix: String, kind: FunctionKind) {
        self.graph = graph
        self.kind = kind
        materialization = Materialization(graph)
        names = NameTable(prefix: prefix)
        location = [BufferID?](repeating: nil, count: graph.nodes.count)
    }

    mutating func run() {
        assignOutputs()
        assignParts()
        let reachable = graph.reachable()
        for id in graph.ids where reachable[id.index] && materialization.isStored[id.index] { lower(id) }
        for copy in copies {
            let buffer = addBuffer(named: copy.name, type: graph[copy.node].type, storage: copy.storage)
            addLoops(for: copy.node, into: buffer, copying: true)
        }
    }

    // MARK: Outputs

    /// Gives each output its storage: the node's own buffer where it can be, a copy where the node is a leaf, a view of
    /// another buffer, or already another output.
    private mutating func assignOutputs() {
        for output in graph.outputs {
            let storage = storage(of: output)
            let base = viewed(output.node)
            let canOwn: Bool =
                switch graph[base].op {
                case .constant, .parameter, .input: false
                default: materialization.isStored[base.index]
                }
            if canOwn, demanded[base.index] == nil {
                demanded[base.index] = storage
            } else {
                copies.append((output.name, output.node, storage))
            }
        }
    }

    private mutating func storage(of output: Output) -> Storage {
        guard kind == .phase else {
            results.append(Function.Signature(name: output.name, type: graph[output.node].type))
            return .result(results.count - 1)
        }
        if let parameter = output.name.suffix(after: "gradient:") { return .gradient(parameter) }
        if let parameter = output.name.suffix(after: "state:") { return .renewed(parameter) }
        values.append(output.name)
        return .value(values.count - 1)
    }

    /// Allocates concatenations of whole rows, the last ones first, and has each operand that can be computed there.
    private mutating func assignParts() {
        let reachable = graph.reachable()
        for id in graph.ids.reversed() where reachable[id.index] {
            guard case .concatenate(let axis) = graph[id].op, graph[id].shape.isOutermost(axis: axis) else { continue }
            let buffer = addBuffer(for: id)
            location[id.index] = buffer
            var offset = 0
            for operand in graph[id].inputs {
                let base = viewed(operand)
                if materialization.isStored[base.index], isComputed(graph[base].op), demanded[base.index] == nil,
                    !isSlice(base), location[base.index] == nil
                {
                    demanded[base.index] = .part(of: buffer, offset: offset)
                }
                offset += graph[operand].shape.count
            }
        }
    }

    /// True for nodes whose kernel can be told where to write.
    private func isComputed(_ op: Op) -> Bool {
        switch op {
        case .constant, .parameter, .input: false
        case .random: kind == .phase
        default: true
        }
    }

    /// True for a slice of whole leading rows, which is a stretch of its operand's memory.
    private func isSlice(_ id: NodeID) -> Bool {
        guard case .slice(_, let size) = graph[id].op else { return false }
        return graph[graph[id].inputs[0]].shape.isStretch(size: size)
            && materialization.isStored[graph[id].inputs[0].index] && demanded[id.index] == nil
    }

    /// The node in whose buffer a chain of reshapes finds its value.
    private func viewed(_ id: NodeID) -> NodeID {
        switch graph[id].op {
        case .reshape, .stopGradient:
            materialization.isStored[id.index] ? viewed(graph[id].inputs[0]) : id
        default: id
        }
    }

    // MARK: Nodes

    private mutating func lower(_ id: NodeID) {
        let node = graph[id]
        switch node.op {
        case .reshape, .stopGradient:
            let operand = node.inputs[0]
            if let buffer = location[operand.index] {
                location[id.index] = buffer
            } else {
                // A view of a number that was folded into this place: fill.
                let buffer = addBuffer(for: id)
                addLoops(for: id, into: buffer, copying: false)
                location[id.index] = buffer
            }
        case .slice(let start, _) where isSlice(id) && location[node.inputs[0].index] != nil:
            let operand = node.inputs[0]
            let offset = zip(start, graph[operand].shape.strides).reduce(0) { $0 + $1.0 * $1.1 }
            location[id.index] = addBuffer(
                named: names.stem(of: node), type: node.type,
                storage: .part(of: location[operand.index]!, offset: offset))
        case .parameter(let name, _):
            location[id.index] = addBuffer(named: name, type: node.type, storage: .parameter(name))
        case .input(let name, let type):
            lowerInput(id, name: name, type: type)
        case .random(let draw, let shape):
            // The sampler's latents come from the caller.
            if kind == .plain {
                lowerInput(id, name: draw.name, type: TensorType(shape))
            } else {
                draws.append(Function.DrawSite(draw: draw, shape: shape))
                add(.draw(draw, number: draws.count - 1), for: id)
            }
        case .concatenate(let axis):
            lowerConcatenation(id, axis: axis)
        default:
            if let body = fixedBody(of: node) {
                add(body, for: id)
            } else {
                let buffer = addBuffer(for: id)
                addLoops(for: id, into: buffer, copying: false)
                location[id.index] = buffer
            }
        }
    }

    private mutating func lowerInput(_ id: NodeID, name: String, type: TensorType) {
        if kind == .plain {
            arguments.append(Function.Signature(name: name, type: type))
            location[id.index] = addBuffer(named: name, type: type, storage: .argument(arguments.count - 1))
        } else {
            add(type.element == .index ? .gatherLabels : .gatherImages, for: id)
        }
    }

    /// The kernel of a node that has one of fixed form; nil for those that become loop nests.
    private func fixedBody(of node: Node) -> Kernel.Body? {
        func shape(_ operand: Int) -> Shape { graph[node.inputs[operand]].shape }
        func geometry(_ window: Window, images: Shape, out: Shape) -> Convolution {
            Convolution(
                batch: images[0], height: images[1], width: images[2], channels: images[3], outHeight: out[1],
                outWidth: out[2], outChannels: out[3], window: window)
        }
        let unusedWindow = Window(kernel: (1, 1), stride: (1, 1), padding: (0, 0, 0, 0))
        switch node.op {
        case .matmul(let transposeA, let transposeB):
            let k = transposeA ? shape(0)[0] : shape(0)[1]
            return .matmul(
                Matmul(
                    m: node.shape[0], n: node.shape[1], k: k, transposeA: transposeA, transposeB: transposeB))
        case .convolution(let window):
            return .convolution(.forward, geometry(window, images: shape(0), out: node.shape))
        case .convolutionInputGradient(let window, _, _):
            return .convolution(.inputGradient, geometry(window, images: node.shape, out: shape(0)))
        case .convolutionWeightGradient(let window):
            return .convolution(.weightGradient, geometry(window, images: shape(0), out: shape(1)))
        case .averagePool(let window):
            return .pooling(.average, geometry(window, images: shape(0), out: node.shape))
        case .averagePoolGradient(let window, _, _):
            return .pooling(.averageGradient, geometry(window, images: node.shape, out: shape(0)))
        case .maxPoolIndex(let window):
            return .pooling(.maximumIndex, geometry(window, images: shape(0), out: node.shape))
        case .gatherIndex:
            return .pooling(.gather, geometry(unusedWindow, images: shape(0), out: node.shape))
        case .scatterIndex:
            return .pooling(.scatter, geometry(unusedWindow, images: node.shape, out: shape(0)))
        case .gatherRows:
            return .gatherRows(count: node.shape[0], width: node.shape.count / node.shape[0])
        case .scatterAddRows(let rows):
            return .scatterAddRows(count: shape(0)[0], width: node.shape.count / rows, rows: rows)
        case .oneHot(let classes):
            return .oneHot(count: node.shape[0], classes: classes)
        case .argmax(let axis):
            let operand = shape(0)
            return .argmax(
                outer: operand.dimensions[..<axis].reduce(1, *), extent: operand[axis],
                inner: operand.dimensions[(axis + 1)...].reduce(1, *))
        case .constant, .parameter, .input, .random, .unary, .binary, .select, .reshape, .transpose, .broadcast, .slice,
            .pad, .concatenate, .reduceSum, .reduceMax, .stopGradient:
            return nil
        case .gradient, .composite:
            preconditionFailure("\(node.op.name) reached the lowering")
        }
    }

    /// Each operand's values, computed in the place that they have in the result.
    private mutating func lowerConcatenation(_ id: NodeID, axis: Int) {
        let node = graph[id]
        let buffer = location[id.index] ?? addBuffer(for: id)
        location[id.index] = buffer
        let strides = node.shape.strides
        var position = 0
        for operand in node.inputs {
            let shape = graph[operand].shape
            if case .part(buffer, position * strides[axis]) = demanded[viewed(operand).index] {
                position += shape[axis]
                continue
            }
            var store = Access(buffer: buffer, element: Affine(base: position * strides[axis], terms: strides))
            if node.shape.isOutermost(axis: axis) {
                let part = addBuffer(
                    named: buffers[buffer.index].name + "_part", type: TensorType(shape, node.type.element),
                    storage: .part(of: buffer, offset: store.element.base))
                store = Access(buffer: part, element: Affine(terms: strides))
            }
            let suffix = NameTable.difference(
                of: names.stem(of: graph[viewed(operand)]), from: names.stem(of: node))
            addNest(
                for: operand, over: shape, storingAt: store, loading: true, origin: node.origin, suffix: suffix)
            position += shape[axis]
        }
    }

    // MARK: Loop nests

    /// A nest that computes node `id` into `buffer`; when `copying`, from the buffers it or its operands lie in.
    private mutating func addLoops(for id: NodeID, into buffer: BufferID, copying: Bool) {
        let node = graph[id]
        switch node.op {
        case .reduceSum(let axes) where !copying: addReduction(.sum, of: id, over: axes, into: buffer)
        case .reduceMax(let axes) where !copying: addReduction(.maximum, of: id, over: axes, into: buffer)
        default:
            addNest(
                for: id, over: node.shape,
                storingAt: Access(buffer: buffer, element: Affine(terms: node.shape.strides)),
                loading: copying, origin: node.origin)
        }
    }

    private mutating func addNest(
        for id: NodeID, over shape: Shape, storingAt store: Access, loading: Bool, origin: Origin, suffix: String = ""
    ) {
        let location = location
        var builder = LoopBuilder(graph: graph, axes: shape.rank) { location[$0.index] }
        let map = (0..<shape.rank).map { Affine.index($0, of: shape.rank) }
        let result = builder.value(of: id, at: map, root: !loading)
        let nest = LoopNest(
            extents: shape.dimensions, reducedAxes: 0, reduction: nil, body: builder.body, result: result,
            store: store)
        add(
            .loops(nest.collapsed()), for: id, into: store.buffer, reads: builder.reads,
            origins: [origin] + builder.origins, suffix: suffix)
    }

    private mutating func addReduction(_ reduction: Reduction, of id: NodeID, over axes: [Int], into buffer: BufferID) {
        let node = graph[id]
        let operand = node.inputs[0]
        let shape = graph[operand].shape
        let kept = (0..<shape.rank).filter { !axes.contains($0) }
        let order = kept + axes
        let location = location
        var builder = LoopBuilder(graph: graph, axes: order.count) { location[$0.index] }
        var map = [Affine](repeating: Affine(terms: []), count: shape.rank)
        for (loop, axis) in order.enumerated() { map[axis] = Affine.index(loop, of: order.count) }
        let result = builder.value(of: operand, at: map)
        var terms = [Int](repeating: 0, count: order.count)
        for (index, stride) in node.shape.strides.enumerated() { terms[index] = stride }
        var nest = LoopNest(
            extents: order.map { shape[$0] }, reducedAxes: axes.count, reduction: reduction, body: builder.body,
            result: result, store: Access(buffer: buffer, element: Affine(terms: terms))
        ).collapsed()
        if nest.reducedAxes == 0 { nest.reduction = nil }
        let origins = [node.origin] + builder.origins
        guard let split = nest.split(storingPartsIn: BufferID(buffers.count)) else {
            add(.loops(nest), for: id, into: buffer, reads: builder.reads, origins: origins)
            return
        }
        let parts = addBuffer(
            named: buffers[buffer.index].name + "_parts", type: TensorType(split.partsShape), storage: .transient)
        add(.loops(split.first), for: id, into: parts, reads: builder.reads, origins: origins, suffix: "parts")
        var second = split.second
        second.store.buffer = buffer
        add(.loops(second.collapsed()), for: id, into: buffer, reads: [parts], origins: origins)
    }

    // MARK: Buffers and kernels

    private mutating func addBuffer(for id: NodeID) -> BufferID {
        let storage = demanded[id.index] ?? .transient
        // The loss and the tracked values have names of the user's own.
        let name = if case .value(let index) = storage { "value_" + values[index] } else { names.stem(of: graph[id]) }
        return addBuffer(
            named: name, detail: NameTable.detail(of: graph[id].op), type: graph[id].type, storage: storage)
    }

    private mutating func addBuffer(
        named name: String, detail: String? = nil, type: TensorType, storage: Storage
    ) -> BufferID {
        buffers.append(Buffer(name: names.unique(name, detail: detail), type: type, storage: storage))
        return BufferID(buffers.count - 1)
    }

    /// A kernel of fixed form, reading its node's operands.
    private mutating func add(_ body: Kernel.Body, for id: NodeID) {
        let node = graph[id]
        let buffer = addBuffer(for: id)
        location[id.index] = buffer
        let reads = node.inputs.map { location[$0.index]! }
        add(body, for: id, into: buffer, reads: reads, origins: [node.origin])
    }

    private mutating func add(
        _ body: Kernel.Body, for id: NodeID, into buffer: BufferID, reads: [BufferID], origins: [Origin],
        suffix: String = ""
    ) {
        var name = buffers[buffer.index].name
        if !suffix.isEmpty, !name.hasSuffix(suffix) { name += "_" + suffix }
        kernels.append(
            Kernel(
                name: names.kernel(name), origins: origins, type: graph[id].type, body: body, reads: reads,
                writes: buffer))
    }
}

extension Shape {
    /// True if neighbours along `axis` are as far apart as any elements are: only extents of 1 stand before it.
    fileprivate func isOutermost(axis: Int) -> Bool { dimensions[..<axis].allSatisfy { $0 == 1 } }

    /// True if a slice of `size` is one stretch of memory: behind the first axis that it shortens, everything is whole.
    func isStretch(size: [Int]) -> Bool {
        guard let first = (0..<rank).first(where: { size[$0] > 1 }) else { return true }
        return (0..<rank).allSatisfy { $0 <= first || size[$0] == self[$0] }
    }
}

extension String {
    /// The rest of the string if it begins with `prefix`.
    func suffix(after prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }
}
