import Differentiation
import Graph
import GraphTesting
import Optimization
import Testing

/// Each pass, and all of them, against the interpreter on random graphs.
@Suite struct AgreementTests {
    @Test("two hundred and fifty random graphs keep their values through every pass", arguments: 0..<25)
    func randomGraphs(decade: Int) throws {
        for seed in decade * 10..<decade * 10 + 10 { try check(seed: UInt64(seed)) }
    }

    private func check(seed: UInt64) throws {
        let (source, feeds) = RandomGraph.make(seed: seed)
        let graph = source.expandingGradients().graph
        for pass in Pipeline.standard.passes {
            try compare(graph, feeds, "seed \(seed), \(pass.name)") { pass.run($0) }
        }
        try compare(graph, feeds, "seed \(seed), all passes") { try Pipeline.standard.run($0).graph }
        guard seed % 5 == 0 else { return }
        for pass in Pipeline.standard.passes {
            try compare(graph, feeds, "seed \(seed), all passes but \(pass.name)") {
                try Pipeline.standard.disabling(pass.name).run($0).graph
            }
        }
    }

    private func compare(
        _ graph: Graph, _ feeds: [String: TensorValue], _ label: String, _ transform: (Graph) throws -> Graph
    ) throws {
        func difference(_ graph: Graph, _ feeds: [String: TensorValue]) -> String? {
            do {
                let expected = try Interpreter(graph).evaluate(feeds)
                let transformed = try transform(graph)
                try transformed.verify(allowing: [])
                let actual = try Interpreter(transformed).evaluate(feeds)
                return firstDifference(expected, actual)
            } catch { return "\(error)" }
        }
        guard let message = difference(graph, feeds) else { return }
        let shrunk = Shrinking.shrink(graph, feeds: feeds) { difference($0, $1) != nil }
        let after = (try? transform(shrunk.graph).description) ?? "(it throws)"
        Issue.record("\(label): \(message)\nshrunk:\n\(shrunk.graph)\nafter:\n\(after)\n\(shrunk.feeds)")
    }

    private func firstDifference(_ expected: Interpreter.Results, _ actual: Interpreter.Results) -> String? {
        guard expected.outputs.map(\.name) == actual.outputs.map(\.name) else { return "the outputs differ" }
        for ((name, a), (_, b)) in zip(expected.outputs, actual.outputs) {
            guard a.shape == b.shape else { return "\(name) is \(b.shape), not \(a.shape)" }
            let scale = a.elements.map(abs).reduce(1, max)
            for (i, (x, y)) in zip(a.elements, b.elements).enumerated() where !(abs(x - y) <= 1e-11 * scale) {
                return "\(name)[\(i)] is \(y), not \(x)"
            }
        }
        return nil
    }
}
