import Differentiation
import Graph
import GraphTesting
import Testing

/// Gradients as a whole: what is built for them, and how they nest.
@Suite struct GradientTests {
    @Test("derivatives of sin to the fifth order are cos, −sin, −cos, sin, cos")
    func higherOrders() throws {
        var expression = Expression()
        let x = expression.parameter("x", TensorValue([2], [0.3, -1.1]))
        var y = expression.op(.unary(.sine), x)
        for order in 1...5 {
            y = expression.op(.gradient, y, x)
            expression.graph.outputs.append(Output("\(order)", y))
        }
        let results = try Interpreter(expression.graph.expandingGradients().graph).evaluate(expression.feeds)
        let (sine, cosine) = (UnaryFunction.sine.row.evaluate, UnaryFunction.cosine.row.evaluate)
        let expected = [cosine, { -sine($0) }, { -cosine($0) }, sine, cosine]
        for (order, function) in expected.enumerated() {
            let value = results["\(order + 1)"]!.elements
            #expect(zip(value, [0.3, -1.1]).allSatisfy { abs($0 - function($1)) < 1e-15 }, "order \(order + 1)")
        }
    }

    @Test("only what leads from the variable to the result is differentiated")
    func noDeadProducts() throws {
        var expression = Expression()
        let (x, w) = (expression.parameter("x", [2, 3]), expression.parameter("w", [3, 4]))
        let y = expression.op(.matmul(transposeA: false, transposeB: false), x, expression.op(.unary(.tanh), w))
        expression.graph.outputs = [Output("loss", expression.op(.reduceSum(axes: [0, 1]), y))]
        let (graph, _) = try expression.graph.appendingGradients(of: "loss", wrt: ["x"])
        #expect(
            graph.description == """
                %0 = parameter<x> [2, 3] // test
                %1 = parameter<w> [3, 4] // test
                %2 = tanh(%1) [3, 4] // test
                %3 = matmul(%0, %2) [2, 4] // test
                %4 = reduceSum<axes [0, 1]>(%3) [] // test
                %5 = constant<1.0> [] // test'
                %6 = broadcast<axes []>(%5) [2, 4] // test'
                %7 = matmul<Bᵀ>(%6, %2) [2, 3] // test'
                output loss = %4
                output gradient:x = %7

                """)
    }

    @Test("a gradient with respect to a node within the graph treats it as the variable")
    func interiorVariable() throws {
        var expression = Expression()
        let x = expression.parameter("x", TensorValue([1], [0.5]))
        let h = expression.op(.unary(.square), x)
        let y = expression.op(.unary(.exponential), h)
        expression.graph.outputs = [
            Output("wrt h", expression.op(.gradient, y, h)), Output("wrt x", expression.op(.gradient, y, x)),
        ]
        let results = try Interpreter(expression.graph.expandingGradients().graph).evaluate(expression.feeds)
        let value = UnaryFunction.exponential.row.evaluate(0.25)
        #expect(results["wrt h"]!.elements == [value])
        #expect(results["wrt x"]!.elements == [value])
    }

    @Test("an output that does not exist, one that is no scalar and a parameter that does not exist are refused")
    func refusals() throws {
        var expression = Expression()
        let w = expression.parameter("w", [2])
        expression.graph.outputs = [Output("score", w)]
        let graph = expression.graph
        let missing = #expect(throws: DifferentiationError.self) {
            try graph.appendingGradients(of: "loss", wrt: ["w"])
        }
        #expect(missing?.message == "the graph has no output loss")
        let wide = #expect(throws: DifferentiationError.self) { try graph.appendingGradients(of: "score", wrt: ["w"]) }
        #expect(wide?.message == "score is [2]; only a scalar is a loss")
        expression.graph.outputs = [Output("loss", expression.op(.reduceSum(axes: [0]), w))]
        let summed = expression.graph
        let absent = #expect(throws: DifferentiationError.self) {
            try summed.appendingGradients(of: "loss", wrt: ["v"])
        }
        #expect(absent?.message == "the graph has no parameter v")
    }
}
