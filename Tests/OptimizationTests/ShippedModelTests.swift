import CGAN
import Differentiation
import Graph
import GraphTesting
import Models
import Optimization
import Testing

/// The shipped models' training graphs, differentiated and optimised.
@Suite struct ShippedModelTests {
    static let names = ShippedModel.all.map(\.name)

    /// The phases of the model `name` with every gradient that training asks for.
    private func differentiated(_ name: String, batch: Int) throws -> [(
        name: String, graph: Graph, zeros: [ZeroFinding]
    )] {
        let program = try #require(ShippedModel.named(name)).program(batch: batch)
        return try program.phases.map { phase in
            let trained = program.parameters.filter { $0.network == phase.network && $0.isTrained }
            let (graph, zeros) = try phase.graph.appendingGradients(
                of: "loss", wrt: trained.map { ($0.name, $0.shape) })
            return (phase.name, deadCode.run(graph), zeros)
        }
    }

    @Test("optimisation comes to rest, and leaves no more contractions than there were", arguments: names)
    func rest(name: String) throws {
        for (phase, graph, _) in try differentiated(name, batch: 64) {
            let result = try Pipeline.standard.run(graph)
            #expect(result.rounds <= 8, "\(phase)")
            #expect(
                result.graph.nodes.count { $0.op.isContraction } <= graph.nodes.count { $0.op.isContraction },
                "\(phase)")
        }
    }

    @Test("every trained parameter of every shipped model gets a gradient", arguments: names)
    func gradients(name: String) throws {
        for (phase, _, zeros) in try differentiated(name, batch: 2) {
            #expect(zeros.isEmpty, "\(phase): \(zeros.map(\.description))")
        }
    }

    // The largest model has the layers of `dcgan-wgan-gp`, and would take most of the time.
    @Test("optimisation keeps every loss and gradient to 1e-10", arguments: names.filter { $0 != "dcgan32-wgan-gp" })
    func values(name: String) throws {
        for (phase, graph, _) in try differentiated(name, batch: 2) {
            let feeds = feeds(of: graph)
            let expected = try Interpreter(graph).evaluate(feeds)
            let actual = try Interpreter(try Pipeline.standard.run(graph).graph).evaluate(feeds)
            for (output, value) in expected.outputs {
                let other = try #require(actual[output])
                let scale = value.elements.map(abs).reduce(1e-3, max)
                let isClose = zip(value.elements, other.elements).allSatisfy { abs($0 - $1) <= 1e-10 * scale }
                #expect(isClose, "\(phase): \(output)")
            }
        }
    }

    /// Small random numbers for every leaf, and labels that every model has.
    private func feeds(of graph: Graph) -> [String: TensorValue] {
        var numbers = SeededNumbers(seed: 9)
        var feeds: [String: TensorValue] = [:]
        for node in graph.nodes {
            switch node.op {
            case .parameter(let name, let shape): feeds[name] = numbers.tensor(shape, -0.05, 0.05)
            case .input(let name, let type):
                feeds[name] =
                    type.element == .index
                    ? numbers.indices(type.shape, below: 10) : numbers.tensor(type.shape)
            case .random(let draw, let shape): feeds[draw.name] = numbers.tensor(shape, 0, 1)
            default: break
            }
        }
        return feeds
    }
}
