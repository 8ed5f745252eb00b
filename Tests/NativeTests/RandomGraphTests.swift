import Differentiation
import Dispatch
import Graph
import GraphTesting
import Optimization
import Testing

/// Emitted C against the reference interpreter, with all passes and without each of them.
@Suite("Emitted C on random graphs", .serialized)
struct RandomGraphTests {
    @Test("emitted C computes what the interpreter computes on two hundred random graphs", arguments: 0..<5)
    func allPasses(block: Int) async throws {
        try await check(seeds: (block * 40)..<(block * 40 + 40), pipeline: .standard)
    }

    @Test(
        "emitted C computes what the interpreter computes without one of the passes",
        arguments: Pipeline.standard.passes.map(\.name))
    func withoutPass(name: String) async throws {
        let start = 200 + 40 * Pipeline.standard.passes.firstIndex { $0.name == name }!
        try await check(seeds: start..<(start + 40), pipeline: try Pipeline.standard.disabling(name))
    }

    @Test("emitted C computes what the interpreter computes without any pass")
    func noPass() async throws { try await check(seeds: 600..<640, pipeline: Pipeline([])) }

    private func check(seeds: Range<Int>, pipeline: Pipeline) async throws {
        let cases = seeds.map { RandomGraph.make(seed: UInt64($0)) }
        let emitted = try await EmittedFunctions(cases.map(\.graph), pipeline: pipeline)
        for (index, item) in cases.enumerated() {
            guard let message = try Self.difference(emitted, index, item.graph, item.feeds) else { continue }
            let shrunk = Shrinking.shrink(item.graph, feeds: item.feeds, budget: 60) { graph, feeds in
                Self.fails(graph, feeds, pipeline)
            }
            Issue.record("seed \(seeds.lowerBound + index): \(message)\nshrunk:\n\(shrunk.graph)\n\(shrunk.feeds)")
        }
    }

    /// The first element in which graph `index` of the library differs from the interpreter.
    private static func difference(
        _ emitted: EmittedFunctions, _ index: Int, _ graph: Graph, _ feeds: [String: TensorValue]
    ) throws -> String? {
        let expected = try Interpreter(graph.expandingGradients().graph).evaluate(feeds)
        let actual = try emitted.call(index, feeds)
        for output in expected.outputs {
            let scale = output.value.elements.map(abs).reduce(1, max)
            for (position, (value, reference)) in zip(actual[output.name]!, output.value.elements).enumerated()
            where !(abs(value - reference) <= 1e-11 * scale) {
                return "\(output.name)[\(position)] is \(value), not \(reference)"
            }
        }
        return nil
    }

    /// Compiles one graph and waits for the result, as shrinking asks for an answer at once.
    private static func fails(_ graph: Graph, _ feeds: [String: TensorValue], _ pipeline: Pipeline) -> Bool {
        final class Answer: @unchecked Sendable { var value = false }
        let answer = Answer()
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            if let emitted = try? await EmittedFunctions([graph], pipeline: pipeline) {
                answer.value = (try? difference(emitted, 0, graph, feeds)) ?? nil != nil
            }
            done.signal()
        }
        done.wait()
        return answer.value
    }
}
