import Differentiation
import Graph
import GraphTesting
import Optimization
import Testing

/// The pipeline as a whole.
@Suite struct PipelineTests {
    @Test("random graphs come to rest well within the budget, and a second run changes nothing")
    func fixedPoint() throws {
        for seed in 0..<100 {
            let graph = RandomGraph.make(seed: UInt64(seed)).graph.expandingGradients().graph
            let result = try Pipeline.standard.run(graph)
            #expect(result.rounds <= 10, "seed \(seed)")
            let again = try Pipeline.standard.run(result.graph)
            #expect(again.graph.description == result.graph.description, "seed \(seed)")
        }
    }

    @Test("random graphs lose a tenth of their arithmetic, taken together")
    func smaller() throws {
        var (before, after) = (0, 0)
        for seed in 0..<100 {
            let graph = deadCode.run(RandomGraph.make(seed: UInt64(seed)).graph.expandingGradients().graph)
            before += arithmetic(graph)
            after += arithmetic(try Pipeline.standard.run(graph).graph)
        }
        #expect(after * 10 < before * 9, "\(before) nodes to \(after)")
    }

    /// How many nodes do more than name or repeat elements.
    private func arithmetic(_ graph: Graph) -> Int {
        graph.nodes.count { node in
            switch node.op {
            case .reshape, .broadcast: false
            default: !node.op.isLeaf
            }
        }
    }

    @Test("a disabled pass is not run, and one that does not exist is refused with the names of those that do")
    func disabling() throws {
        let pipeline = try Pipeline.standard.disabling("scalar-hoisting")
        #expect(!pipeline.passes.map(\.name).contains("scalar-hoisting"))
        #expect(pipeline.passes.count == Pipeline.standard.passes.count - 1)
        let error = #expect(throws: PipelineError.self) { try pipeline.disabling("hoisting") }
        #expect(error?.message.contains("help: the passes are constant-folding, ") == true)
    }

    @Test("each change is recorded with its round and pass")
    func recording() throws {
        let graph = try ExpressionParser.graph("negate(negate(add(a, 0.0)))")
        var records: [String] = []
        let result = try Pipeline.standard.run(graph) { round, pass, graph in
            records.append("\(round) \(pass.name): \(text(of: graph))")
        }
        #expect(records == ["1 algebraic-simplification: a"])
        #expect(result.rounds == 2)
    }

    @Test("a graph that still holds a composite or a gradient is refused")
    func unexpanded() {
        var graph = Graph()
        let x = graph.append(.parameter(name: "x", [2]), origin: Origin("x"))
        graph.outputs = [Output("y", graph.append(.gradient, [x, x], origin: Origin("g")))]
        #expect(throws: VerifierError.self) { try Pipeline.standard.run(graph) }
    }

    @Test("remarks say once what was rewritten and where")
    func remarks() throws {
        var graph = Graph()
        let place = SourceLocation(file: "Model.swift", line: 7, column: 3)
        let x = graph.append(.parameter(name: "x", [2]), origin: Origin("x"))
        let p = graph.unary(.sigmoid, x, origin: Origin("discriminator.sigmoid1"))
        let log = graph.unary(.logarithm, p, origin: Origin("log", at: place))
        let zero = graph.full(0, [2], origin: Origin("zero"))
        let slope = graph.unary(.tanh, x, origin: Origin("discriminator.sigmoid1", order: 1))
        graph.outputs = [Output("y", log), Output("z", graph.binary(.multiply, p, zero, origin: Origin("product")))]
        // The gradient of the product goes the same way, which is not said again.
        let gradient = graph.binary(.multiply, slope, zero, origin: Origin("product", order: 1))
        graph.outputs.append(Output("gradient:z", gradient))
        let result = try Pipeline.standard.run(graph)
        #expect(
            result.remarks.map(\.description) == [
                "note: product: multiply of discriminator.sigmoid1 and the number 0 is 0",
                "Model.swift:7:3: note: log: log(sigmoid(x)) is computed as −softplus(−x)",
            ])
    }

    @Test("the stable logarithm has a finite value and gradient where the sigmoid underflows")
    func stability() throws {
        var expression = Expression()
        let x = expression.parameter("x", TensorValue([2], [-800, 800]))
        let log = expression.op(.unary(.logarithm), expression.op(.unary(.sigmoid), x))
        expression.graph.outputs = [Output("loss", expression.op(.reduceSum(axes: [0]), log))]
        let (graph, _) = try stabilityRewrites.run(expression.graph).appendingGradients(of: "loss", wrt: ["x"])
        let results = try Interpreter(graph).evaluate(expression.feeds)
        #expect(results["loss"]!.scalar == -800)
        #expect(results["gradient:x"]!.elements == [1, 0])
    }

    @Test("a probability that a gradient is taken with respect to is not bypassed")
    func variableKept() throws {
        var expression = Expression()
        let x = expression.parameter("x", TensorValue([1], [0.4]))
        let p = expression.op(.unary(.sigmoid), x)
        let log = expression.op(.unary(.logarithm), p)
        expression.graph.outputs = [Output("slope", expression.op(.gradient, log, p))]
        let (graph, findings) = stabilityRewrites.run(expression.graph).expandingGradients()
        #expect(findings.isEmpty)
        let slope = try Interpreter(graph).evaluate(expression.feeds)["slope"]!.scalar
        #expect(abs(slope - 1 / UnaryFunction.sigmoid.row.evaluate(0.4)) < 1e-15)
    }
}
