import Differentiation
import Graph
import GraphTesting
import Testing

@testable import Diagnosis

/// The proofs of zero gradients, against numbers.
@Suite struct GradientVerdictTests {
    /// A random graph, with the gradients of its parameters and the verdicts on them.
    private struct Example {
        var plain: Graph
        var graph: Graph
        var feeds: [String: TensorValue]
        var names: [String]
        var verdicts: [GradientVerdict]

        init(_ seed: UInt64) throws {
            let (plain, feeds) = RandomGraph.make(seed: seed, size: 16)
            names = plain.nodes.compactMap { if case .parameter(let name, _) = $0.op { name } else { nil } }
            let result = try plain.appendingGradients(of: "loss", wrt: names)
            self.plain = plain
            self.feeds = feeds
            graph = result.graph
            verdicts = graph.verdicts(on: names, findings: result.findings)
        }

        /// Other values for the leaves: real ones anew, positions exchanged.
        func otherFeeds(_ numbers: inout SeededNumbers) -> [String: TensorValue] {
            var result: [String: TensorValue] = [:]
            for (name, value) in feeds.sorted(by: { $0.key < $1.key }) {
                result[name] =
                    name.hasPrefix("index")
                    ? TensorValue(value.shape, value.elements.shuffled(using: &numbers))
                    : numbers.tensor(value.shape, -2, 2)
            }
            return result
        }
    }

    @Test(
        "on random graphs a gradient proved zero is 0 for 20 random inputs, and one that is 0 for all of them is proved or listed"
    )
    func randomInputs() throws {
        var (unreached, cancelling, listed, listedZero, alive) = (0, 0, 0, 0, 0)
        for seed in seeds(0..<400) {
            let example = try Example(seed)
            var numbers = SeededNumbers(seed: seed &* 31 + 5)
            var isZero = [Bool](repeating: true, count: example.names.count)
            for round in 0..<20 {
                // Nothing more can be learnt once every unproved gradient was seen to be other than 0.
                if round > 2, !zip(isZero, example.verdicts).contains(where: { $0 || $1.isZero }) { break }
                let values = try Interpreter(example.graph).nodeValues(
                    round == 0 ? example.feeds : example.otherFeeds(&numbers))
                let scale = values.flatMap { $0?.elements ?? [] }.filter(\.isFinite).map(abs).max() ?? 1
                for (index, name) in example.names.enumerated() {
                    guard let node = example.graph.output("gradient:\(name)"), let value = values[node.index] else {
                        continue
                    }
                    let size = value.elements.map { $0.isNaN ? .infinity : abs($0) }.max() ?? 0
                    if size != 0 { isZero[index] = false }
                    switch example.verdicts[index] {
                    case .unreached: #expect(size == 0, "seed \(seed) \(name)")
                    case .cancels:
                        #expect(
                            size <= 1e-8 * max(1, scale) || !scale.isFinite || size == .infinity, "seed \(seed) \(name)"
                        )
                    case .inputDependent, .alive: break
                    }
                }
            }
            for (verdict, isZero) in zip(example.verdicts, isZero) {
                switch verdict {
                case .unreached: unreached += 1
                case .cancels: cancelling += 1
                case .inputDependent:
                    listed += 1
                    if isZero { listedZero += 1 }
                case .alive:
                    alive += 1
                    #expect(!isZero, "seed \(seed) \(example.graph)")
                }
            }
        }
        print(
            "gradients of random graphs: \(unreached) unreached, \(cancelling) cancel, \(listed) depend on inputs "
                + "(\(listedZero) of them 0 for all 20), \(alive) alive")
        #expect(unreached > 50 && cancelling > 5 && alive > 50)
    }

    @Test(
        "moving a parameter whose gradient is proved zero does not move the loss, what is stopped or jumps held still")
    func finiteDifferences() throws {
        var compared = 0
        for seed in seeds(0..<400) {
            let example = try Example(seed)
            guard example.verdicts.contains(where: \.isZero) else { continue }
            let (frozen, feeds) = try frozen(example)
            for (name, verdict) in zip(example.names, example.verdicts) where verdict.isZero {
                guard let value = feeds[name] else { continue }
                var moved = feeds
                moved[name] = TensorValue(value.shape, value.elements.map { $0 + 1e-7 })
                guard let before = try Interpreter(frozen).evaluate(feeds)["loss"]?.scalar,
                    let after = try Interpreter(frozen).evaluate(moved)["loss"]?.scalar
                else { continue }
                compared += 1
                if verdict == .cancels {
                    #expect(abs(after - before) <= 1e-12 * max(1, abs(before)), "seed \(seed) \(name)")
                } else {
                    #expect(after == before, "seed \(seed) \(name)")
                }
            }
        }
        #expect(compared > 50)
    }

    /// The example's graph with its inner gradients written out, and every value that no gradient passes replaced by the
    /// number it is: stopped ones, choices, comparisons, roundings.
    private func frozen(_ example: Example) throws -> (graph: Graph, feeds: [String: TensorValue]) {
        let expanded = example.plain.expandingGradients().graph
        let values = try Interpreter(expanded).nodeValues(example.feeds)
        var feeds = example.feeds
        func freeze(_ source: NodeID, _ type: TensorType, _ graph: inout Graph) -> NodeID? {
            guard let value = values[source.index] else { return nil }
            feeds["frozen\(source.index)"] = value
            return graph.append(.input(name: "frozen\(source.index)", type), origin: expanded[source].origin)
        }
        let graph = expanded.rewritten { graph, node, source in
            if node.op.hasNoDerivative, let input = freeze(source, node.type, &graph) { return input }
            guard node.op == .select else { return graph.append(node) }
            var node = node
            let condition = expanded[source].inputs[0]
            node.inputs[0] = freeze(condition, expanded[condition].type, &graph) ?? node.inputs[0]
            return graph.append(node)
        }
        return (graph, feeds)
    }
}

extension Op {
    /// True of operations through which no gradient passes.
    fileprivate var hasNoDerivative: Bool {
        switch self {
        case .stopGradient, .argmax, .oneHot, .maxPoolIndex, .binary(.greater), .binary(.greaterOrEqual),
            .binary(.equal):
            true
        case .unary(let function): function.row.derivative == nil
        default: false
        }
    }
}
