import Differentiation
import Graph
import GraphTesting
import Testing

@Suite("Emitted C against the reference interpreter")
struct RandomGraphTests {
    @Test("emitted C computes what the interpreter computes", arguments: 0..<5)
    func agrees(block: Int) async throws {
        let seeds = (0..<40).map { UInt64(block * 40 + $0) }
        let cases = seeds.map { RandomGraph.make(seed: $0) }
        let emitted = try await EmittedFunctions(cases.map(\.graph))
        for (index, item) in cases.enumerated() {
            let expected = try Interpreter(item.graph.expandingGradients().graph).evaluate(item.feeds)
            let actual = try emitted.call(index, item.feeds)
            for output in expected.outputs {
                let values = actual[output.name]!
                for (position, (value, reference)) in zip(values, output.value.elements).enumerated() {
                    let scale = max(1, abs(reference))
                    #expect(
                        abs(value - reference) <= 1e-10 * scale || (value.isNaN && reference.isNaN) || value == reference,
                        "seed \(seeds[index]), output \(output.name)[\(position)]: \(value), not \(reference)\n\(item.graph)")
                }
            }
        }
    }
}
