import Graph

/// What every node of a graph is as a ``SumForm``, whatever the numbers are: sums are collected, linear operations go to
/// each term, what is repeated is pulled out of sums, and equal terms with opposite signs cancel.
///
/// A form that is 0 proves that the node is 0 in every element, up to rounding; a form without a leaf among its atoms
/// proves that the node does not depend on that leaf. The converse does not hold: what the rules cannot see is an atom.
/// Where values are not finite, or divisions are by 0, nothing is claimed.
///
/// - Complexity: linear in the nodes, times the terms and factors of a form, which are at most ``limit``.
struct Algebra {
    /// Products and bilinear operations of more pairs of terms than this are atoms.
    let budget = 96
    /// Sums of more terms than this are atoms, as are products of more factors.
    let limit = 256
    let graph: Graph
    /// True if what a gradient does not pass is a number of its own, as it is to a derivative.
    private let isFreezing: Bool
    /// By node, in order.
    private(set) var forms: [SumForm] = []
    private(set) var atoms: [Atom] = []
    private var interned: [Atom: Int] = [:]
    /// For each atom, the leaves it is computed from, ascending.
    private var leaves: [[NodeID]] = []

    /// A value that the algebra does not look into.
    struct Atom: Hashable {
        /// The operation; a leaf for leaves.
        var op: Op
        /// Its operands.
        var operands: [SumForm]
        /// The result's extents.
        var shape: Shape
        /// Which leaf it is.
        var leaf: NodeID?
    }

    /// The forms of all nodes of `graph`, whose composites and gradients are expanded.
    ///
    /// - Parameter isFreezing: if true, a stopped value is a leaf, so that independence of a parameter proves that the
    ///   gradient is 0; if false, it is the value itself.
    init(_ graph: Graph, freezing isFreezing: Bool = false) {
        self.graph = graph
        self.isFreezing = isFreezing
        forms.reserveCapacity(graph.nodes.count)
        for id in graph.ids { forms.append(form(of: graph[id], id)) }
    }

    /// The form of node `id`.
    subscript(id: NodeID) -> SumForm { forms[id.index] }

    /// True if what `form` stands for is computed from one of `sources`, leaves of the graph.
    func depends(_ form: SumForm, on sources: Set<NodeID>) -> Bool {
        form.terms.contains { $0.factors.contains { leaves[$0].contains(where: sources.contains) } }
    }

    /// True if node `id` depends on one of `sources` for some numbers, as far as the rules can see.
    func depends(_ id: NodeID, on sources: Set<NodeID>) -> Bool { depends(self[id], on: sources) }

    // MARK: Atoms

    /// The atom of `op` applied to `operands`.
    mutating func atom(_ op: Op, _ operands: [SumForm], _ shape: Shape, leaf: NodeID? = nil) -> SumForm {
        let atom = Atom(op: op, operands: operands, shape: shape, leaf: leaf)
        if let known = interned[atom] { return .atom(known) }
        let number = atoms.count
        atoms.append(atom)
        interned[atom] = number
        var below = Set(operands.flatMap { $0.terms.flatMap { $0.factors.flatMap { leaves[$0] } } })
        if let leaf { below.insert(leaf) }
        leaves.append(below.sorted())
        return .atom(number)
    }

    // MARK: Nodes

    /// One exhaustive table.
    private mutating func form(of node: Node, _ id: NodeID) -> SumForm {
        let inputs = node.inputs.map { forms[$0.index] }
        let shapes = node.inputs.map { graph[$0].shape }
        switch node.op {
        case .constant(let value): return .number(value)
        case .random(let draw, _):
            return draw.distribution.onlyValue.map(SumForm.number) ?? atom(node.op, [], node.shape, leaf: id)
        case .parameter, .input: return atom(node.op, [], node.shape, leaf: id)

        case .unary(let function): return unary(function, inputs[0], node.shape)
        case .binary(let function): return binary(function, inputs[0], inputs[1], node.shape)
        case .select: return select(inputs, node.shape)
        case .stopGradient:
            return isFreezing && inputs[0].number == nil ? atom(node.op, [], node.shape, leaf: id) : inputs[0]

        case .reshape, .transpose, .broadcast, .slice, .pad, .reduceSum, .averagePool, .averagePoolGradient:
            return linear(node.op, inputs[0], from: shapes[0], to: node.shape)
        case .concatenate(let axis): return concatenate(inputs, shapes, axis: axis, node.shape)
        case .reduceMax(let axes):
            if inputs[0].number != nil { return inputs[0] }
            if axes.allSatisfy({ shapes[0][$0] == 1 }) {
                return linear(.reduceSum(axes: axes), inputs[0], from: shapes[0], to: node.shape)
            }
            return atom(node.op, inputs, node.shape)

        case .convolution(let window) where !window.touches(height: shapes[0][1], width: shapes[0][2]),
            .convolutionWeightGradient(let window) where !window.touches(height: shapes[0][1], width: shapes[0][2]):
            return .zero
        case .convolutionInputGradient(let window, let height, let width)
        where !window.touches(height: height, width: width):
            return .zero
        case .matmul, .convolution, .convolutionInputGradient, .convolutionWeightGradient:
            return bilinear(node.op, inputs[0], inputs[1], node.shape)
        case .gatherRows, .scatterAddRows, .gatherIndex, .scatterIndex:
            if inputs[0].number != nil, node.op == .gatherRows || node.op == .gatherIndex { return inputs[0] }
            return bilinear(node.op, inputs[0], inputs[1], node.shape, isLinearInSecond: false)
        case .oneHot(let classes): return classes == 1 ? .number(1) : atom(node.op, inputs, node.shape)
        case .argmax(let axis): return shapes[0][axis] == 1 ? .zero : atom(node.op, inputs, node.shape)
        case .maxPoolIndex: return atom(node.op, inputs, node.shape)

        case .gradient, .composite: preconditionFailure("\(node.op.name) is expanded before the algebra is asked")
        }
    }
}

extension Distribution {
    /// The one number that the law allows; nil if there are more.
    var onlyValue: Double? {
        switch self {
        case .uniform(let low, let high): low == high ? low : nil
        case .normal(let mean, let deviation): deviation == 0 ? mean : nil
        case .bernoulli(let probability, let value): probability == 0 || value == 0 ? 0 : probability == 1 ? value : nil
        }
    }
}

extension Window {
    /// True if some position of the window covers a pixel of an image of `height × width`, and not only padding.
    fileprivate func touches(height: Int, width: Int) -> Bool {
        func touches(_ extent: Int, _ outputs: Int, _ stride: Int, _ before: Int, _ kernel: Int) -> Bool {
            (0..<outputs).contains { $0 * stride - before < extent && $0 * stride - before + kernel > 0 }
        }
        let size = outputSize(height: height, width: width)
        return touches(height, size.height, strideHeight, padTop, kernelHeight)
            && touches(width, size.width, strideWidth, padLeft, kernelWidth)
    }
}
