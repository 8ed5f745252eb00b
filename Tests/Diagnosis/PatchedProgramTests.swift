import CGAN
import Diagnosis
import Graph
import Models
import Testing

/// Causes that no model file can have but a saved program can.
@Suite struct PatchedProgramTests {
    /// The program of `mlp-cgan` with `rewrite` applied to every node of its phases.
    private func program(_ rewrite: (inout Graph, Node) -> NodeID?) throws -> Program {
        var program = try #require(ShippedModel.named("mlp-cgan")).program(batch: 4)
        for index in program.phases.indices {
            program.phases[index].graph = program.phases[index].graph.rewritten { graph, node, _ in
                rewrite(&graph, node) ?? graph.append(node)
            }
        }
        return program
    }

    @Test(
        "a generator whose images are rounded or compared has a cut gradient, with the edge named",
        arguments: [
            ("floor", Op.unary(.floor)), ("round", .unary(.round)), ("step", .unary(.step)), ("sign", .unary(.sign)),
        ])
    func rounded(name: String, op: Op) throws {
        let program = try program { graph, node in
            guard node.origin.name.hasPrefix("generator.tanh1"), node.op == .unary(.tanh) else { return nil }
            return graph.append(op, node.inputs, origin: node.origin)
        }
        let errors = try Diagnosis(program).errors
        #expect(errors.map(\.code) == [.cutGradient])
        #expect(errors.first?.evidence.first?.message.contains("\(name) is piecewise constant") == true)
        #expect(errors.first?.parameters.count == 8)
    }

    @Test("a comparison on the only way is named as such")
    func compared() throws {
        let program = try program { graph, node in
            guard node.origin.name.hasPrefix("generator.tanh1"), node.op == .unary(.tanh) else { return nil }
            let zero = graph.full(0, node.shape, origin: node.origin)
            return graph.binary(.greater, node.inputs[0], zero, origin: node.origin)
        }
        let error = try #require(try Diagnosis(program).errors.first)
        #expect(error.code == .cutGradient && error.evidence[0].message.contains("greater is a comparison"))
        #expect(error.help?.contains("compare softly") == true)
    }

    @Test("a network that no phase updates is a warning at each place of its layers")
    func neverUpdated() throws {
        var program = try #require(ShippedModel.named("mlp-cgan")).program(batch: 4)
        program.phases.removeAll { $0.network == "generator" }
        let warnings = try Diagnosis(program).warnings
        #expect(warnings.map(\.code) == [.unusedParameter, .unusedParameter])
        #expect(warnings.allSatisfy { $0.message.contains("belongs to no network that a phase updates") })
    }
}
