import Graph
import GraphTesting
import Optimization
import Testing

/// Cutting contractions along every axis of every operand and result, by value.
@Suite struct ContractionSlicingTests {
    struct Contraction: CustomTestStringConvertible, Sendable {
        var op: Op
        var a, b: Shape
        var testDescription: String { op.name }
    }

    private static let window = Window(kernel: (3, 2), stride: (2, 1), padding: (1, 0, 0, 1))
    static let contractions = [
        Contraction(op: .matmul(transposeA: false, transposeB: false), a: [4, 5], b: [5, 6]),
        Contraction(op: .matmul(transposeA: true, transposeB: false), a: [5, 4], b: [5, 6]),
        Contraction(op: .matmul(transposeA: true, transposeB: true), a: [5, 4], b: [6, 5]),
        Contraction(op: .convolution(window), a: [2, 5, 6, 3], b: [3, 2, 3, 2]),
        Contraction(
            op: .convolutionInputGradient(window, height: 5, width: 6), a: [2, 2, 6, 2], b: [3, 2, 3, 2]),
        // Small images: cutting them is cheaper than cutting the kernel. Large ones: so is padding the kernel.
        Contraction(op: .convolutionWeightGradient(window), a: [1, 2, 3, 3], b: [1, 1, 3, 2]),
        Contraction(op: .convolutionWeightGradient(window), a: [3, 5, 6, 3], b: [3, 2, 6, 2]),
    ]

    /// Runs the pass on `graph`, checks that the value of `y` stays, and tells whether the graph changed.
    private func isRewritten(_ expression: Expression, _ y: NodeID) throws -> Bool {
        var graph = expression.graph
        graph.outputs = [Output("y", y)]
        graph = deadCode.run(graph)
        let after = contractionSlicing.run(graph)
        try after.verify(allowing: [])
        let (expected, actual) = (
            try Interpreter(graph).evaluate(expression.feeds)["y"]!,
            try Interpreter(after).evaluate(expression.feeds)["y"]!
        )
        #expect(expected.shape == actual.shape)
        #expect(zip(expected.elements, actual.elements).allSatisfy { abs($0 - $1) <= 1e-13 })
        return after.description != graph.description
    }

    @Test("a slice along any axis of the result keeps its value", arguments: contractions.dropLast())
    func slices(_ contraction: Contraction) throws {
        var rewritten = 0
        var expression = Expression(seed: 3)
        let (a, b) = (expression.parameter("a", contraction.a), expression.parameter("b", contraction.b))
        let whole = expression.op(contraction.op, a, b)
        let shape = expression.graph[whole].shape
        for axis in 0..<shape.rank where shape[axis] > 1 {
            for first in 0..<2 {
                var start = [Int](repeating: 0, count: shape.rank)
                var size = shape.dimensions
                (start[axis], size[axis]) = (first, shape[axis] - 1)
                let slice = expression.op(.slice(start: start, size: size), whole)
                if try isRewritten(expression, slice) { rewritten += 1 }
            }
        }
        #expect(rewritten > 0)
    }

    @Test(
        "an operand padded along any axis keeps the product's value",
        arguments: contractions.filter { $0.a != [1, 2, 3, 3] })
    func pads(_ contraction: Contraction) throws {
        var rewritten = 0
        for slot in 0..<2 {
            let shape = slot == 0 ? contraction.a : contraction.b
            for axis in 0..<shape.rank where shape[axis] > 1 {
                for isBefore in [true, false] {
                    var expression = Expression(seed: 4)
                    var inner = shape
                    inner[axis] -= 1
                    var pads = [[Int](repeating: 0, count: shape.rank), [Int](repeating: 0, count: shape.rank)]
                    pads[isBefore ? 0 : 1][axis] = 1
                    let part = expression.op(.pad(before: pads[0], after: pads[1]), expression.parameter("part", inner))
                    let other = expression.parameter("other", slot == 0 ? contraction.b : contraction.a)
                    let product =
                        slot == 0
                        ? expression.op(contraction.op, part, other) : expression.op(contraction.op, other, part)
                    if try isRewritten(expression, product) { rewritten += 1 }
                }
            }
        }
        #expect(rewritten > 0)
    }

    @Test("a contraction that something else uses as well is not repeated")
    func shared() throws {
        var expression = Expression(seed: 5)
        let (a, b) = (expression.parameter("a", [4, 5]), expression.parameter("b", [5, 6]))
        let product = expression.op(.matmul(transposeA: false, transposeB: false), a, b)
        let slice = expression.op(.slice(start: [0, 0], size: [1, 6]), product)
        let sum = expression.op(.reduceSum(axes: [0]), product)
        let y = expression.op(.binary(.add), sum, expression.op(.reshape([6]), slice))
        #expect(try !isRewritten(expression, y))
    }
}
