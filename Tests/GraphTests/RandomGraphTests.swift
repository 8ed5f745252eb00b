import Differentiation
import Graph
import GraphTesting
import Testing

/// The generator that other tests rely on.
@Suite struct RandomGraphTests {
    @Test("the same seed gives the same graph and values")
    func deterministic() {
        let (first, second) = (RandomGraph.make(seed: 11), RandomGraph.make(seed: 11))
        #expect(first.graph.description == second.graph.description)
        #expect(first.feeds == second.feeds)
    }

    @Test("two hundred graphs cover every operation, function and composite, and are finite")
    func coverage() throws {
        var names: Set<String> = []
        for seed in 0..<200 {
            let (graph, feeds) = RandomGraph.make(seed: UInt64(seed))
            for id in graph.ids { names.insert(String(graph[id].op.name.prefix { $0 != "(" })) }
            let results = try Interpreter(graph.expandingGradients().graph).evaluate(feeds)
            #expect(results.outputs.allSatisfy { $0.value.elements.allSatisfy(\.isFinite) }, "seed \(seed)")
        }
        let expected =
            """
            constant parameter input random negate reciprocal square squareRoot absolute sign exponential logarithm sine \
            cosine tanh sigmoid softplus relu leakyReLU elu step leakyStep power floor round add subtract multiply divide \
            maximum minimum greater greaterOrEqual equal select reshape transpose broadcast slice pad concatenate reduceSum \
            reduceMax matmul convolution convolutionInputGradient convolutionWeightGradient gatherRows scatterAddRows \
            oneHot argmax maxPoolIndex gatherIndex scatterIndex averagePool averagePoolGradient stopGradient gradient mean \
            variance norm normalize softmax logSoftmax clip binaryCrossEntropy logitCrossEntropy
            """.split(separator: " ").map(String.init)
        #expect(expected.filter { !names.contains($0) } == [])
    }

    @Test("shrinking keeps the failure and drops the rest")
    func shrinking() throws {
        let (graph, feeds) = RandomGraph.make(seed: 3)
        let expanded = graph.expandingGradients().graph
        func fails(_ graph: Graph, _ feeds: [String: TensorValue]) -> Bool {
            graph.nodes.contains { $0.op == .unary(.negate) }
        }
        try #require(fails(expanded, feeds))
        let shrunk = Shrinking.shrink(expanded, feeds: feeds, fails: fails)
        #expect(fails(shrunk.graph, shrunk.feeds))
        #expect(shrunk.graph.nodes.count <= 4)
        _ = try Interpreter(shrunk.graph).evaluate(shrunk.feeds)
    }
}
