import Graph
import GraphTesting
import Testing

@testable import Diagnosis

/// What the algebra claims, against numbers.
@Suite struct AlgebraTests {
    /// A random graph with the gradients of all its parameters, and values for its leaves.
    private func differentiated(_ seed: UInt64) throws -> (graph: Graph, feeds: [String: TensorValue]) {
        let (graph, feeds) = RandomGraph.make(seed: seed)
        let names = graph.nodes.compactMap { if case .parameter(let name, _) = $0.op { name } else { nil } }
        return (try graph.appendingGradients(of: "loss", wrt: names).graph, feeds)
    }

    /// The largest size of an element.
    private func size(_ value: TensorValue) -> Double { value.elements.map(abs).max() ?? 0 }

    /// True if the two are equal up to rounding of numbers of size `scale`.
    private func agree(_ a: TensorValue, _ b: TensorValue, scale: Double) -> Bool {
        zip(a.elements, b.elements).allSatisfy { abs($0 - $1) <= 1e-7 * max(1, scale) || $0.isNaN || $1.isNaN }
    }

    @Test("nodes of one form have one value, and nodes of form 0 are 0, in random graphs with their gradients")
    func equalForms() throws {
        var (equal, zero) = (0, 0)
        for seed in seeds(0..<600) {
            let (graph, feeds) = try differentiated(seed)
            let algebra = Algebra(graph)
            let values = try Interpreter(graph).nodeValues(feeds)
            let scale = values.compactMap { $0.map(size) }.filter(\.isFinite).max() ?? 1
            var first: [SumForm: [Shape: NodeID]] = [:]
            for id in graph.ids {
                guard let value = values[id.index] else { continue }
                if algebra[id].isZero {
                    zero += 1
                    #expect(agree(value, TensorValue(value.shape, repeating: 0), scale: scale), "seed \(seed) \(id)")
                }
                if let other = first[algebra[id]]?[value.shape], let known = values[other.index] {
                    equal += 1
                    #expect(agree(value, known, scale: scale), "seed \(seed) \(id) and \(other)")
                } else {
                    first[algebra[id], default: [:]][value.shape] = id
                }
            }
        }
        #expect(equal > 500 && zero > 100, "\(equal) equal forms, \(zero) zeros")
    }

    @Test("a node whose form lacks a leaf keeps its value when the leaf changes")
    func independence() throws {
        var claims = 0
        for seed in seeds(0..<300) {
            var numbers = SeededNumbers(seed: seed + 77)
            let (graph, feeds) = try differentiated(seed)
            let algebra = Algebra(graph)
            let values = try Interpreter(graph).nodeValues(feeds)
            let scale = values.compactMap { $0.map(size) }.filter(\.isFinite).max() ?? 1
            let leaves = graph.ids { if case .parameter = $0 { true } else { false } }
            for leaf in leaves {
                guard case .parameter(let name, let shape) = graph[leaf].op else { continue }
                var changed = feeds
                changed[name] = numbers.tensor(shape, -2, 2)
                let others = try Interpreter(graph).nodeValues(changed)
                let below = graph.descendants(of: [leaf])
                for id in graph.ids where below[id.index] && !algebra.depends(id, on: [leaf]) {
                    guard let a = values[id.index], let b = others[id.index] else { continue }
                    claims += 1
                    #expect(agree(a, b, scale: max(scale, size(b))), "seed \(seed) \(id) of \(name)")
                }
            }
        }
        #expect(claims > 100)
    }
}
