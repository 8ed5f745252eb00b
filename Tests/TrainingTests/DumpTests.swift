import Formats
import Foundation
import Native
import Testing

@testable import Training

@Suite("Dumps")
struct DumpTests {
    @Test("the manifest lists every file with its shape, phases in the order of running")
    func manifest() async throws {
        let program = try await BuiltModel.tiny.value.program
        let dump = try await DumpWriter.step(of: program, seed: 3, precision: .float, dataset: BuiltModel.glyphs)
        try await withTemporaryFolder { folder in
            try DumpWriter.write(dump, to: "\(folder)/dump")
            let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/dump/manifest.json"))
            let manifest = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
            #expect(manifest["version"] as? Int == 1)
            #expect(manifest["model"] as? String == "tiny")
            #expect(manifest["batch"] as? Int == 8)
            #expect(manifest["runs"] as? [String: Int] == ["discriminator": 2, "generator": 1])
            let rows = try #require(manifest["tensors"] as? [[String: Any]])
            #expect(rows.count == dump.tensors.count)
            for row in rows {
                let array = try NPY.read("\(folder)/dump/\(try #require(row["file"] as? String))")
                #expect(array.shape == row["shape"] as? [Int])
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/dump")
            #expect(files.count == rows.count + 1)
            var order: [String] = []
            for row in rows {
                let phase = try #require(row["phase"] as? String)
                if order.last != phase { order.append(phase) }
            }
            #expect(order == ["discriminator", "generator"])
        }
    }

    @Test("every role is there, and a phase lists only the inputs it uses")
    func roles() async throws {
        let program = try await BuiltModel.tiny.value.program
        let dump = try await DumpWriter.step(of: program, seed: 3, precision: .double, dataset: BuiltModel.glyphs)
        func names(_ phase: String, _ role: StepDump.Role) -> [String] {
            dump.tensors.filter { $0.phase == phase && $0.role == role }.map(\.name)
        }
        #expect(names("discriminator", .input) == ["images", "labels", "latent"])
        #expect(names("generator", .input).sorted() == ["labels", "latent"])
        #expect(names("discriminator", .random) == ["alpha"])
        #expect(names("discriminator", .loss).first == "loss" && names("discriminator", .loss).contains("slope"))
        #expect(names("discriminator", .parameter) == names("generator", .parameter))
        #expect(names("discriminator", .gradient) == names("discriminator", .updated))
        // The generator's statistics are renewed without a gradient.
        let statistics = Set(names("generator", .updated)).subtracting(names("generator", .gradient))
        #expect(statistics == ["generator.batchNorm1.mean", "generator.batchNorm1.variance"])
        #expect(dump["discriminator", .input, "images"]?.shape == [8, 8, 8, 1])
        #expect(dump["discriminator", .input, "labels"]?.dtype == .int32)
        #expect(dump["generator", .gradient, "generator.dense1.weight"]?.dtype == .float64)
    }

    @Test("a phase begins where the one before it ended, and its update follows its gradient")
    func phasesFollowEachOther() async throws {
        let program = try await BuiltModel.tiny.value.program
        let dump = try await DumpWriter.step(of: program, seed: 3, precision: .double, dataset: BuiltModel.glyphs)
        let name = "discriminator.dense1.weight"
        let before = try #require(dump["discriminator", .parameter, name])
        let after = try #require(dump["discriminator", .updated, name])
        let gradient = try #require(dump["discriminator", .gradient, name])
        #expect(dump["generator", .parameter, name] == after)
        // Adam's first step is the rate times the gradient's sign, nearly: rate · g / (|g| + ε).
        for index in 0..<before.count {
            let g = gradient.doubles[index]
            let expected = before.doubles[index] - 1e-3 * g / (abs(g) + 1e-8)
            #expect(abs(after.doubles[index] - expected) < 1e-9)
        }
    }

    @Test("the same seed gives the same dump, another one another")
    func seeds() async throws {
        let program = try await BuiltModel.tiny.value.program
        func dump(_ seed: UInt64) async throws -> [TensorEntry] {
            try await DumpWriter.step(of: program, seed: seed, precision: .float, dataset: BuiltModel.glyphs)
                .tensors.map(\.entry)
        }
        let first = try await dump(3)
        #expect(try await dump(3) == first)
        #expect(try await dump(4) != first)
    }

    @Test("files that are written together appear together or not at all")
    func foldersAreAllOrNothing() async throws {
        try await withTemporaryFolder { folder in
            try Folders.write([("a", [1]), ("b", [2])], to: "\(folder)/x/y")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/x/y").sorted() == ["a", "b"])
            let long = String(repeating: "n", count: 300)
            let error = #expect(throws: FormatError.self) {
                try Folders.write([("a", [3]), (long, [4])], to: "\(folder)/x/y")
            }
            #expect(error?.path == "\(folder)/x/y/\(long)")
            #expect(try InputFile.read("\(folder)/x/y/a") == [1])
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/x/y").sorted() == ["a", "b"])
            #expect(throws: FormatError.self) { try Folders.write([(long, [4])], to: "\(folder)/z") }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/z"))
        }
    }
}
