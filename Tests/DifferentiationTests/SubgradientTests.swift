import Differentiation
import Graph
import GraphTesting
import Testing

/// Gradients at kinks and ties, where central differences say nothing: the documented choices.
@Suite struct SubgradientTests {
    /// The gradient of the sum of `op` of `inputs` with respect to input number `slot`.
    private func gradient(_ op: Op, _ inputs: [TensorValue], slot: Int = 0) throws -> [Double] {
        var expression = Expression()
        let leaves = inputs.enumerated().map { expression.parameter("\($0)", $1) }
        let y = expression.graph.append(op, leaves, origin: expression.origin)
        let loss = expression.graph.sum(
            y, over: Array(0..<expression.graph[y].shape.rank), origin: expression.origin)
        expression.graph.outputs = [Output("loss", loss)]
        let (graph, _) = try expression.graph.appendingGradients(of: "loss", wrt: ["\(slot)"])
        return try Interpreter(graph).evaluate(expression.feeds)["gradient:\(slot)"]!.elements
    }

    @Test(
        "one-sided slopes at the kink: relu 0, absolute 0, leakyReLU its slope, elu alpha, squareRoot 0",
        arguments: [
            (UnaryFunction.relu, 0.0), (.absolute, 0), (.leakyReLU(slope: 0.2), 0.2), (.leakyReLU(slope: -0.5), -0.5),
            (.elu(alpha: 0.7), 0.7), (.squareRoot, 0), (.sign, 0), (.step, 0), (.power(2), 0), (.power(1), 1),
        ])
    func atZero(function: UnaryFunction, slope: Double) throws {
        #expect(try gradient(.unary(function), [TensorValue([2], [0, 0])]) == [slope, slope])
    }

    @Test("where maximum or minimum has a tie each operand gets half", arguments: [BinaryFunction.maximum, .minimum])
    func tiesOfTwo(function: BinaryFunction) throws {
        let (a, b) = (TensorValue([3], [1, 2, 3]), TensorValue([3], [2, 2, 2]))
        let first = function == .maximum ? [0, 0.5, 1] : [1, 0.5, 0]
        #expect(try gradient(.binary(function), [a, b]) == first)
        #expect(try gradient(.binary(function), [a, b], slot: 1) == first.map { 1 - $0 })
    }

    @Test("reduceMax shares its gradient equally among ties")
    func tiesOfMany() throws {
        let x = TensorValue([2, 4], [3, 1, 3, 3, 0, 0, -1, -1])
        #expect(
            try gradient(.reduceMax(axes: [1]), [x]) == [1.0 / 3, 0, 1.0 / 3, 1.0 / 3, 0.5, 0.5, 0, 0])
    }

    @Test("clip passes half of the gradient exactly at its bounds")
    func clipBounds() throws {
        let x = TensorValue([5], [-2, -1, 0, 1, 2])
        #expect(try gradient(.composite(.clip(low: -1, high: 1)), [x]) == [0, 0.5, 1, 0.5, 0])
    }

    @Test("max pooling passes its gradient to the first of equal pixels")
    func pooling() throws {
        let window = Window(kernel: (1, 2), stride: (1, 2), padding: (0, 0, 0, 0))
        var expression = Expression()
        let x = expression.parameter("x", TensorValue([1, 1, 4, 1], [5, 5, 1, 2]))
        let y = expression.op(.gatherIndex, x, expression.op(.maxPoolIndex(window), x))
        expression.graph.outputs = [Output("loss", expression.op(.reduceSum(axes: [0, 1, 2, 3]), y))]
        let (graph, _) = try expression.graph.appendingGradients(of: "loss", wrt: ["x"])
        #expect(try Interpreter(graph).evaluate(expression.feeds)["gradient:x"]!.elements == [1, 0, 0, 1])
    }

    @Test("the norm of a zero vector has gradients of order 1 and 2 that are zero, not NaN")
    func normAtTheOrigin() throws {
        var expression = Expression()
        let x = expression.parameter("x", TensorValue([2, 3], [0, 0, 0, 3, 0, 4]))
        let norm = expression.op(.composite(.norm(axes: [1], epsilon: 0)), x)
        let slope = expression.op(.gradient, norm, x)
        let second = expression.op(.gradient, expression.op(.unary(.sine), slope), x)
        expression.graph.outputs = [Output("first", slope), Output("second", second)]
        let results = try Interpreter(expression.graph.expandingGradients().graph).evaluate(expression.feeds)
        #expect(Array(results["first"]!.elements.prefix(3)) == [0, 0, 0])
        #expect(Array(results["second"]!.elements.prefix(3)) == [0, 0, 0])
        #expect(results["first"]!.elements.suffix(3).elementsEqual([0.6, 0, 0.8]) { abs($0 - $1) < 1e-15 })
        #expect(results["second"]!.elements.allSatisfy { $0.isFinite })
    }

    @Test("a penalty on the slope of a critic that is flat has finite gradients")
    func flatCritic() throws {
        var expression = Expression()
        let x = expression.parameter("x", [2, 3])
        let w = expression.parameter("w", TensorValue([3, 1], [0, 0, 0]))
        let score = expression.op(.matmul(transposeA: false, transposeB: false), x, w)
        let norm = expression.op(.composite(.norm(axes: [1], epsilon: 0)), expression.op(.gradient, score, x))
        let one = expression.graph.full(1, [2], origin: expression.origin)
        let squared = expression.op(.unary(.square), expression.op(.binary(.subtract), norm, one))
        expression.graph.outputs = [Output("loss", expression.op(.composite(.mean(axes: [0])), squared))]
        let (graph, _) = try expression.graph.appendingGradients(of: "loss", wrt: ["w"])
        let results = try Interpreter(graph).evaluate(expression.feeds)
        #expect(results["loss"]!.scalar == 1)
        #expect(results["gradient:w"]!.elements == [0, 0, 0])
    }
}
