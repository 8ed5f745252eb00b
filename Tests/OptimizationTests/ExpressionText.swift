import Graph
import GraphTesting

/// The first output as one expression: `broadcast[4, 3]<1>(tanh(c))`. A shape is written where an operation chooses it,
/// and a number stands for itself whatever its shape.
func text(of graph: Graph) -> String { text(of: graph.outputs[0].node, graph) }

private func text(of id: NodeID, _ graph: Graph) -> String {
    let node = graph[id]
    if let value = graph.uniformValue(of: id) { return "\(value)" }
    switch node.op {
    case .parameter(let name, _), .input(let name, _): return name
    default: break
    }
    let operands = node.inputs.map { text(of: $0, graph) }.joined(separator: ", ")
    let attributes =
        switch node.op {
        case .reshape(let shape): "\(shape)"
        case .broadcast(let shape, let axes): "\(shape)<\(axes.map(String.init).joined(separator: " "))>"
        case .transpose(let permutation): "\(permutation)"
        case .slice(let start, let size): "<\(start) \(size)>"
        case .pad(let before, let after): "<\(before) \(after)>"
        case .reduceSum(let axes), .reduceMax(let axes): "\(axes)"
        case .concatenate(let axis): "<\(axis)>"
        case .oneHot(let classes): "<\(classes)>"
        case .matmul(let transposeA, let transposeB): (transposeA ? "ᵀ" : "") + (transposeB ? "_ᵀ" : "")
        default: ""
        }
    return "\(node.op.name)\(attributes)(\(operands))"
}

/// Reads what ``text(of:)`` writes, over the leaves `a` and `b` `[2, 3]`, `c` `[3]` and the labels `i` `[2]`. A number has
/// the shape of the operand beside it, and `[2, 3]` where there is none.
struct ExpressionParser {
    private var expression = Expression()
    private var rest: Substring

    /// The graph whose only output `y` is the expression `text`.
    static func graph(_ text: String) throws -> Graph {
        var parser = ExpressionParser(rest: text[...])
        let y = try parser.operand()
        parser.expression.graph.outputs = [Output("y", parser.node(y, like: [2, 3]))]
        return parser.expression.graph
    }

    private init(rest: Substring) { self.rest = rest }

    private enum Operand {
        case node(NodeID)
        case number(Double)
    }

    private mutating func node(_ operand: Operand, like shape: Shape) -> NodeID {
        switch operand {
        case .node(let id): id
        case .number(let value): expression.graph.full(value, shape, origin: expression.origin)
        }
    }

    private mutating func operand() throws -> Operand {
        if let value = number() { return .number(value) }
        let name = String(take { $0.isLetter && $0 != "ᵀ" })
        switch name {
        case "a", "b": return .node(expression.op(.parameter(name: name, [2, 3])))
        case "c": return .node(expression.op(.parameter(name: name, [3])))
        case "i": return .node(expression.op(.input(name: name, TensorType([2], .index))))
        default: break
        }
        var parameter = 0.0
        if ["power", "leakyReLU", "leakyStep", "elu"].contains(name) {
            skip("(")
            parameter = number() ?? .nan
            skip(")")
        }
        let attributes = String(take { $0 != "(" })
        skip("(")
        var operands: [Operand] = []
        while rest.first != ")" {
            operands.append(try operand())
            skip(", ")
        }
        skip(")")
        let shapes: [Shape] = operands.compactMap { operand in
            if case .node(let id) = operand { expression.graph[id].shape } else { nil }
        }
        let inputs = operands.map { node($0, like: shapes.first ?? [2, 3]) }
        let op = try operation(name, parameter, attributes)
        return .node(try expression.graph.add(op, inputs, origin: expression.origin))
    }

    private func operation(_ name: String, _ parameter: Double, _ attributes: String) throws -> Op {
        let lists = attributes.split { "[]<>".contains($0) }.map { list in
            list.split { ", ".contains($0) }.compactMap { Int($0) }
        }.filter { !$0.isEmpty }
        let first = lists.first ?? []
        if let function = BinaryFunction(rawValue: name) { return .binary(function) }
        switch name {
        case "select": return .select
        case "stopGradient": return .stopGradient
        case "reshape": return .reshape(Shape(first))
        case "transpose": return .transpose(permutation: first)
        case "broadcast": return .broadcast(Shape(first), axes: lists.count > 1 ? lists[1] : [])
        case "slice": return .slice(start: first, size: lists[1])
        case "pad": return .pad(before: first, after: lists[1])
        case "concatenate": return .concatenate(axis: first[0])
        case "reduceSum": return .reduceSum(axes: first)
        case "reduceMax": return .reduceMax(axes: first)
        case "matmul":
            return .matmul(transposeA: attributes.hasPrefix("ᵀ"), transposeB: attributes.hasSuffix("_ᵀ"))
        case "oneHot": return .oneHot(classes: first[0])
        case "softmax": return .composite(.softmax(axis: 1))
        case "power": return .unary(.power(parameter))
        default:
            guard let function = plainFunctions.first(where: { $0.row.name == name }) else {
                throw ShapeError("the test's notation has no \(name)")
            }
            return .unary(function)
        }
    }

    private let plainFunctions: [UnaryFunction] = [
        .negate, .reciprocal, .square, .squareRoot, .absolute, .exponential, .logarithm, .tanh, .sigmoid, .softplus,
        .relu,
        .step,
    ]

    private mutating func take(while condition: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: condition)
        rest = rest.dropFirst(taken.count)
        return taken
    }

    private mutating func skip(_ text: String) {
        if rest.hasPrefix(text) { rest = rest.dropFirst(text.count) }
    }

    private mutating func number() -> Double? {
        guard let first = rest.first, first.isNumber || first == "-" else { return nil }
        return Double(take { $0.isNumber || "-.e".contains($0) })
    }
}
