import Differentiation
import Graph
import GraphTesting
import Optimization
import Testing

/// Batches that share weights are computed side by side.
@Suite struct BatchJoiningTests {
    private static let origin = Origin("critic")

    /// A critic of two dense layers on two batches: the loss is the difference of its means.
    private static func critic() -> (graph: Graph, feeds: [String: TensorValue]) {
        var expression = Expression(seed: 3)
        let first = expression.parameter("w1", [5, 7])
        let bias = expression.parameter("b1", [7])
        let second = expression.parameter("w2", [7, 1])
        func logits(_ x: NodeID) -> NodeID {
            let hidden = expression.op(.matmul(transposeA: false, transposeB: false), x, first)
            let wide = expression.op(.broadcast([4, 7], axes: [1]), bias)
            let active = expression.op(.unary(.leakyReLU(slope: 0.2)), expression.op(.binary(.add), hidden, wide))
            return expression.op(.matmul(transposeA: false, transposeB: false), active, second)
        }
        let real = logits(expression.parameter("real", [4, 5]))
        let fake = logits(expression.parameter("fake", [4, 5]))
        let gap = expression.op(.binary(.subtract), expression.op(.unary(.softplus), fake), real)
        expression.setLoss(of: gap)
        return (expression.graph, expression.feeds)
    }

    private static func contractions(_ graph: Graph) -> Int {
        let reachable = graph.reachable()
        return graph.ids.filter { reachable[$0.index] && graph[$0].op.isContraction }.count
    }

    @Test("two batches through one critic are two contractions forward and four with the gradients of its weights")
    func joined() throws {
        let (source, feeds) = Self.critic()
        let forward = try Pipeline.standard.run(source.expandingGradients().graph).graph
        #expect(Self.contractions(forward) == 2)
        let apart = try Pipeline.standard.disabling("batch-joining").run(source.expandingGradients().graph).graph
        #expect(Self.contractions(apart) == 4)

        let differentiated = try source.appendingGradients(of: "loss", wrt: ["w1", "b1", "w2"]).graph
        let optimised = try Pipeline.standard.run(differentiated).graph
        #expect(Self.contractions(optimised) <= 5)
        let expected = try Interpreter(differentiated).evaluate(feeds)
        let actual = try Interpreter(optimised).evaluate(feeds)
        for (a, b) in zip(expected.outputs, actual.outputs) {
            for (x, y) in zip(a.value.elements, b.value.elements) {
                #expect(abs(x - y) <= 1e-13 * max(1, abs(x)), "\(a.name)")
            }
        }
    }

    @Test("a contraction that depends on another is not joined with it")
    func dependent() throws {
        var expression = Expression(seed: 4)
        let w = expression.parameter("w", [3, 3])
        let x = expression.parameter("x", [2, 3])
        let once = expression.op(.matmul(transposeA: false, transposeB: false), x, w)
        let twice = expression.op(.matmul(transposeA: false, transposeB: false), once, w)
        expression.setLoss(of: twice)
        let optimised = try Pipeline.standard.run(expression.graph.expandingGradients().graph).graph
        #expect(Self.contractions(optimised) == 2)
    }
}
