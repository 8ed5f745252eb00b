import CGAN
import Caching
import Foundation
import Graph
import Testing

@testable import ModelLoading

/// Users' Swift files: compiled, run, read, and what is said of those that cannot be.
@Suite struct ModelFileTests {
    private func load(_ path: String, batch: Int? = nil, timeLimit: Duration = .seconds(600)) async throws -> Program {
        let cache = URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("cache").path
        let evaluator = ModelEvaluator(library: try LibraryLocation(), cache: cache, timeLimit: timeLimit)
        return try await evaluator.program(of: try ModelFile(path), batch: batch)
    }

    /// A model file that is sound but for what is put in.
    private func text(
        head: String = "@main struct Mine: ConditionalGAN {", discriminator: String = "Dense(1)", more: String = ""
    ) -> String {
        """
        import CGAN

        \(head)
            let images = ImageShape(height: 4, width: 4, channels: 1)
            let classes = 3
            var generator: Network {
                Inputs(.latent, .label(.oneHot))
                Dense(16); Tanh(); Reshape(4, 4, 1)
            }
            var discriminator: Network {
                Inputs(.image, .label(.oneHot))
                \(discriminator)
            }
            var objective: Objective { .wasserstein() }
        }
        \(more)
        """
    }

    @Test("a file in a folder gives its model, with places at the path as it was given")
    func places() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text(), to: "some where/it's-mine.swift")
        let program = try await load(path)
        #expect(program.name == "mine")
        #expect(program.file == path)
        #expect(program.batch == 64)
        #expect(program.layers.first?.location == SourceLocation(file: path, line: 7, column: 15))
        #expect(Set(program.parameters.compactMap(\.location?.file)) == [path])
        let places = program.phases.flatMap { $0.graph.nodes.compactMap(\.origin.location?.file) }
        #expect(!places.isEmpty && places.allSatisfy { $0 == path })
    }

    @Test("a file gives the batch that is asked for, and prints of its own disturb nothing")
    func batch() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text(discriminator: "print(\"{}\"); Dense(1)"), to: "prints.swift")
        #expect(try await load(path, batch: 5).batch == 5)
        let error = await errors { try await load(path, batch: 0) }
        #expect(error?.errors.map(\.code) == [.trainingOutOfRange])
    }

    @Test("a file is compiled once, and again when its text changes")
    func cached() async throws {
        let folder = try TemporaryFolder()
        let cache = "\(folder.path)/cache"
        let library = try LibraryLocation()
        func built() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: cache).filter { !$0.hasPrefix(".") }.sorted()
        }
        func load(_ text: String) async throws -> Program {
            let path = try folder.write(text, to: "Model.swift")
            return try await ModelEvaluator(library: library, cache: cache).program(of: try ModelFile(path), batch: nil)
        }
        #expect(try await load(text()).name == "mine")
        let first = try built()
        #expect(first.count == 1)
        let facts = try FileManager.default.attributesOfItem(atPath: "\(cache)/\(first[0])/model")
        #expect(try await load(text()).name == "mine")
        #expect(try built() == first)
        let after = try FileManager.default.attributesOfItem(atPath: "\(cache)/\(first[0])/model")
        #expect(facts[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int)
        #expect(try await load(text(head: "@main struct Yours: ConditionalGAN {")).name == "yours")
        #expect(try built().count == 2)
    }

    @Test("the compiler's errors come with the user's own path, line and column")
    func doesNotCompile() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text(discriminator: "Dence(1)"), to: "wrong.swift")
        let error = try #require(await errors { try await load(path) })
        #expect(error.errors.map(\.code) == [.doesNotCompile])
        #expect(error.description.hasPrefix("\(path):12:9: error: cannot find 'Dence' in scope"))
        #expect(error.errors[0].help != nil)
        let two = try folder.write(
            text(more: "@main struct Second { static func main() {} }"), to: "two.swift")
        let second = try #require(await errors { try await load(two) })
        #expect(second.errors.map(\.code) == [.doesNotCompile])
        #expect(second.description.contains("'main' attribute can only apply to one type in a module"))
    }

    @Test("a file without import CGAN is told to begin with it")
    func noImport() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text().replacing("import CGAN", with: ""), to: "bare.swift")
        #expect(await errors { try await load(path) }?.errors.first?.help == "begin the file with: import CGAN")
    }

    @Test("a model without @main is shown with the line to write")
    func noMain() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(text(head: "struct Mine: ConditionalGAN {"), to: "nomain.swift")
        let error = try #require(await errors { try await load(path) }).errors[0]
        #expect(error.code == .mainMissing)
        #expect(error.location == SourceLocation(file: path, line: 3, column: 1))
        #expect(error.help == "write @main struct Mine: ConditionalGAN {")
        let empty = try folder.write("print(1)\n", to: "empty.swift")
        #expect(await errors { try await load(empty) }?.errors.map(\.code) == [.mainMissing])
    }

    @Test("a program that hands over no model is told apart from one that fails")
    func noModel() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("@main struct Hello { static func main() { print(1) } }", to: "hello.swift")
        let error = try #require(await errors { try await load(path) })
        #expect(error.errors.map(\.code) == [.evaluationFailed])
        #expect(error.description.contains("ended without handing over a model"))
    }

    @Test("a trap and an exit in the user's code are errors of the file")
    func crash() async throws {
        let folder = try TemporaryFolder()
        let trap = try folder.write(
            text(discriminator: "let none: [Int] = []; Dense(none[classes])"), to: "trap.swift")
        let error = try #require(await errors { try await load(trap) })
        #expect(error.errors.map(\.code) == [.evaluationFailed])
        #expect(error.description.contains("\(trap) stopped while its model was read (signal "))
        let left = try folder.write(
            text(discriminator: "let () = leave(); Dense(1)", more: "import Foundation\nfunc leave() { exit(3) }"),
            to: "exit.swift")
        #expect(await errors { try await load(left) }?.description.contains("(exit status 3)") ?? false)
    }

    @Test("a model that does not end is ended, and said to have taken too long")
    func endless() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            text(
                discriminator: "let () = spin(); Dense(1)",
                more: "func spin() { while classes > 0 {} }\nvar classes: Int { 1 }"),
            to: "endless.swift")
        let error = try #require(await errors { try await load(path, timeLimit: .milliseconds(500)) })
        #expect(error.errors.map(\.code) == [.evaluationTooLong])
    }

    @Test("mistakes in a model come with their places, all at once")
    func mistakes() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            text(discriminator: "Conv(4, kernel: 3); Dense(1)").replacing("Dense(16)", with: "Dense(15)"),
            to: "Mistakes.swift")
        let error = try #require(await errors { try await load(path) })
        #expect(Set(error.errors.map(\.code)) == [.layerDoesNotFit, .labelForm])
        #expect(error.errors.allSatisfy { $0.location?.file == path })
        #expect(error.description.contains("\(path):8:35: error: Reshape(4, 4, 1) holds 16 numbers"))
    }

    @Test("a missing library is named with the command that builds it")
    func noLibrary() {
        #expect(throws: ModelErrors.self) { try LibraryLocation(in: ["/nowhere"]) }
        do { _ = try LibraryLocation(in: ["/nowhere"]) } catch {
            #expect("\(error)".contains("swift build --product CGAN"))
        }
    }

    @Test("without a Swift compiler, or with a cache that cannot be written, the error says what to do")
    func noCompiler() async throws {
        let folder = try TemporaryFolder()
        let file = try ModelFile(try folder.write(text(), to: "Model.swift"))
        func error(_ change: (inout ModelFileCompiler) -> Void) async throws -> ModelError {
            var compiler = ModelFileCompiler(library: try LibraryLocation(), cache: Cache(at: folder.path + "/cache"))
            change(&compiler)
            do {
                _ = try await compiler.program(of: file)
                return ModelError(.notFinite, "it compiled")
            } catch let errors as ModelErrors {
                return errors.errors[0]
            }
        }
        for command in ["no-such-swiftc", "/nowhere/swiftc"] {
            let missing = try await error { $0.command = command }
            #expect(missing.code == .toolMissing)
            #expect(missing.message.contains(command))
        }
        let unwritable = try await error { $0.cache = Cache(at: file.path + "/cache") }
        #expect(unwritable.code == .fileUnreadable)
        #expect(unwritable.help?.contains("XDG_CACHE_HOME") ?? false)
    }

    @Test("an unknown name is answered with the one that was probably meant")
    func nearName() async throws {
        for (typed, meant) in [
            ("dcgan-wgan-pg", "dcgan-wgan-gp"), ("MLP-CGAN", "mlp-cgan"), ("dcgan-bn", "dcgan-bn-bce"),
        ] {
            let error = try #require(await errors { try await ModelLoader.load(typed) })
            #expect(error.errors.map(\.code) == [.unknownModel])
            #expect(error.errors[0].help?.contains("did you mean \(meant)") ?? false)
        }
        let error = try #require(await errors { try await ModelLoader.load("something-else-entirely") })
        #expect(error.errors[0].help?.contains("cganc list") ?? false)
    }
}
