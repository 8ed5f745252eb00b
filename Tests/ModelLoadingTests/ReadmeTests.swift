import CGAN
import Foundation
import Models
import Testing

@testable import ModelLoading

/// What the README shows is what there is.
@Suite("README") struct ReadmeTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The texts between the fences of `language`.
    private func blocks(_ language: String) throws -> [String] {
        let text = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        return text.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
    }

    private func load(_ text: String) async throws -> Program {
        let folder = try TemporaryFolder()
        let path = try folder.write(text, to: "MyCritic.swift")
        let evaluator = ModelEvaluator(library: try LibraryLocation(), cache: "\(folder.path)/cache")
        return try await evaluator.program(of: try ModelFile(path), batch: 4)
    }

    @Test("its model loads, and with its objective written out has the same operations to compute in every phase")
    func model() async throws {
        let swift = try blocks("swift")
        let model = try #require(swift.first), objective = try #require(swift.dropFirst().first)
        let preset = "    var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }\n"
        try #require(model.contains(preset) && objective.hasPrefix("func objective("))
        let (short, long) = try await (
            load(model), load(model.replacingOccurrences(of: preset, with: objective))
        )
        #expect(short.name == "my-critic" && long.phases.count == short.phases.count)
        for (a, b) in zip(short.phases, long.phases) {
            #expect(a.graph.nodes.map { "\($0.op)" }.sorted() == b.graph.nodes.map { "\($0.op)" }.sorted())
        }
    }

    @Test("its kernel is emitted for dcgan-wgan-gp")
    func kernel() throws {
        let kernel = try #require(try blocks("c").first)
        let emitted = try String(
            contentsOf: Self.root.appendingPathComponent("generated/dcgan-wgan-gp/dcgan_wgan_gp.c"), encoding: .utf8)
        #expect(emitted.contains("\n\(kernel)"))
    }
}
