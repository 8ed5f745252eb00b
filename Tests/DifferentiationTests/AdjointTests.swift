import Differentiation
import Graph
import GraphTesting
import Testing

/// `⟨c, L·x⟩ = ⟨Lᵀ·c, x⟩` for each operation that is linear in an operand, `Lᵀ·c` being the gradient of `⟨c, L·x⟩`.
@Suite struct AdjointTests {
    @Test("the gradient of a linear operation is its adjoint to 1e-12", arguments: cases)
    func adjoint(operation: OperationCase) throws {
        var expression = Expression(seed: 13)
        let y = operation.build(&expression)
        let shape = expression.graph[y].shape
        let cotangent = expression.parameter("cotangent", shape)
        let product = expression.op(.binary(.multiply), y, cotangent)
        let axes = Array(0..<shape.rank)
        expression.graph.outputs = [
            Output("loss", expression.graph.sum(product, over: axes, origin: expression.origin))
        ]
        // Contractions are linear in one operand at a time, concatenation in all of them together.
        let variables = operation.name == "concatenate" ? ["a", "b"] : ["a"]
        let (graph, _) = try expression.graph.appendingGradients(of: "loss", wrt: variables)
        let results = try Interpreter(graph).evaluate(expression.feeds)
        let adjoint = variables.flatMap { name in
            zip(results["gradient:\(name)"]!.elements, expression.feeds[name]!.elements).map(*)
        }
        let scale = adjoint.map(abs).reduce(1, +)
        #expect(abs(adjoint.reduce(0, +) - results["loss"]!.scalar) <= 1e-12 * scale)
    }

    /// The linear ones among the operations whose gradients are checked; max pooling is linear once its choice is made.
    static let cases =
        OperationCase.shapes.filter { !$0.name.hasPrefix("reduceMax") }
        + OperationCase.contractions + OperationCase.indexing
        + OperationCase.composites.filter { $0.name.hasPrefix("mean") }
}
