import CGAN
import Foundation
import Models
import Testing

@testable import ModelLoading

/// What `cganc init` writes compiles and is the model that it says.
@Suite struct ModelTemplateTests {
    private func load(_ text: String, as name: String) async throws -> Program {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: name)
        let evaluator = ModelEvaluator(library: try LibraryLocation(), cache: "\(folder.path)/cache")
        return try await evaluator.program(of: try ModelFile(path), batch: 4)
    }

    @Test("the template compiles and trains as it is")
    func template() async throws {
        let program = try await load(
            try ModelTemplate.text(name: "my-first_model"), as: try ModelTemplate.fileName(name: "my-first_model"))
        #expect(program.name == "my-first-model")
        #expect(program.file?.hasSuffix("/MyFirstModel.swift") ?? false)
        #expect(program.average != nil)
    }

    @Test("a shipped model's text under another name gives the same program", arguments: ShippedModel.all.map(\.name))
    func fromShipped(name: String) async throws {
        let shipped = try ModelLoader.shipped(name)
        let text = try ModelTemplate.text(name: "mine", from: shipped)
        #expect(text.contains("@main struct Mine: ConditionalGAN {"))
        let mine = try await load(text, as: "Mine.swift")
        let original = try shipped.program(batch: 4)
        #expect(mine.name == "mine")
        #expect(mine.parameters.map(\.name) == original.parameters.map(\.name))
        #expect(mine.parameters.map(\.shape) == original.parameters.map(\.shape))
        for (a, b) in zip(mine.phases, original.phases) {
            #expect(a.graph.nodes.map(\.op) == b.graph.nodes.map(\.op))
            #expect(a.graph.outputs == b.graph.outputs)
            #expect(a.optimizer == b.optimizer && a.runs == b.runs)
        }
    }

    @Test(
        "names that cannot be types are refused", arguments: ["", "2d", "a/b", "../up", "Dense", "dense", "é", "CGAN"])
    func names(name: String) {
        #expect(throws: ModelErrors.self) { try ModelTemplate.text(name: name) }
        #expect(throws: ModelErrors.self) { try ModelTemplate.fileName(name: name) }
    }
}
