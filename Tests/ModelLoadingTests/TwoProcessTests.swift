import CGAN
import Foundation
import Testing

@testable import ModelLoading

@Suite("One model, several processes")
struct TwoProcessTests {
    /// Swift seeds its hashing anew in each process, so an order that follows from a `Set` or a `Dictionary` would differ.
    @Test("a model file gives the same bytes from every process that evaluates it")
    func sameBytes() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(try ModelTemplate.text(name: "twice"), to: "Twice.swift")
        let evaluator = ModelEvaluator(library: try LibraryLocation(), cache: folder.path + "/cache")
        let file = try ModelFile(path)
        let first = try await evaluator.program(of: file, batch: 4).json()
        for _ in 0..<3 {
            #expect(try await evaluator.program(of: file, batch: 4).json() == first)
        }
        #expect(first.count > 10_000)
    }
}
