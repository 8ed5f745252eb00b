import Differentiation
import Graph
import GraphTesting
import Optimization
import Testing

/// The gradient penalty of a piecewise-linear critic: `mean((‖∂D/∂x‖ − 1)²)`, differentiated by the critic's weights.
@Suite struct PenaltyTests {
    @Test("the penalty of a dense critic of L layers takes at most 4L − 2 contractions", arguments: 1...5)
    func denseCritic(layers: Int) throws {
        let (graph, feeds, weights) = penalty { expression, x in
            var h = x
            var names: [String] = []
            for layer in 1...layers {
                let (inputs, outputs) = (expression.graph[h].shape[1], layer == layers ? 1 : 6)
                let w = expression.parameter("w\(layer)", [inputs, outputs])
                let b = expression.parameter("b\(layer)", [outputs])
                h = expression.op(.matmul(transposeA: false, transposeB: false), h, w)
                let shape = expression.graph[h].shape
                h = expression.op(.binary(.add), h, expression.op(.broadcast(shape, axes: [1]), b))
                if layer < layers { h = expression.op(.unary(.leakyReLU(slope: 0.2)), h) }
                names.append("w\(layer)")
            }
            return (h, names)
        } input: {
            $0.parameter("x", [4, 5])
        }
        try check(graph, feeds, weights, limit: 4 * layers - 2)
    }

    @Test("the penalty of a convolutional critic of L layers takes at most 4L − 2 contractions", arguments: 1...3)
    func convolutionalCritic(layers: Int) throws {
        let (graph, feeds, weights) = penalty { expression, x in
            var h = x
            var names: [String] = []
            let window = Window(kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1))
            for layer in 1..<layers {
                let w = expression.parameter("w\(layer)", [4, 4, expression.graph[h].shape[3], 3])
                h = expression.op(.unary(.leakyReLU(slope: 0.2)), expression.op(.convolution(window), h, w))
                names.append("w\(layer)")
            }
            h = expression.op(.reshape([2, expression.graph[h].shape.count / 2]), h)
            let w = expression.parameter("w\(layers)", [expression.graph[h].shape[1], 1])
            return (expression.op(.matmul(transposeA: false, transposeB: false), h, w), names + ["w\(layers)"])
        } input: {
            $0.parameter("x", [2, 8, 8, 2])
        }
        try check(graph, feeds, weights, limit: 4 * layers - 2)
    }

    /// The graph with the penalty as its loss, the values of its leaves, and the names of the critic's weights.
    private func penalty(
        _ critic: (inout Expression, NodeID) -> (NodeID, [String]), input: (inout Expression) -> NodeID
    ) -> (Graph, [String: TensorValue], [String]) {
        var expression = Expression(seed: 5)
        let x = input(&expression)
        let (score, weights) = critic(&expression, x)
        let slope = expression.op(.gradient, score, x)
        let axes = Array(1..<expression.graph[x].shape.rank)
        let norm = expression.op(.composite(.norm(axes: axes, epsilon: 0)), slope)
        let one = expression.graph.full(1, expression.graph[norm].shape, origin: expression.origin)
        let squared = expression.op(.unary(.square), expression.op(.binary(.subtract), norm, one))
        let penalty = expression.op(.composite(.mean(axes: [0])), squared)
        expression.graph.outputs = [Output("loss", penalty)]
        return (expression.graph, expression.feeds, weights)
    }

    private func check(_ graph: Graph, _ feeds: [String: TensorValue], _ weights: [String], limit: Int) throws {
        let (full, findings) = try graph.appendingGradients(of: "loss", wrt: weights)
        #expect(findings.isEmpty)
        let withoutCode = commonSubexpressions.run(deadCode.run(full))
        #expect(withoutCode.nodes.count { $0.op.isContraction } <= limit, "\(withoutCode)")
        let optimized = try Pipeline.standard.run(full).graph
        // The cotangent of the score is one number, so the last layer's two products with it are a copy and a sum.
        #expect(optimized.nodes.count { $0.op.isContraction } <= limit - 2, "\(optimized)")
        try FiniteDifferences.check(graph, wrt: weights, feeds: feeds)
    }
}
