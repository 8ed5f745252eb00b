import CGAN
import Foundation
import Graph
import Models
import Testing

@testable import ModelLoading

/// Saved programs: what comes back, and what is refused.
@Suite struct SavedProgramTests {
    private func decode(_ program: Program, batch: Int? = nil) throws -> Program {
        try ProgramFile.decode(Data(try program.json()), path: "program.json", batch: batch)
    }

    @Test("a shipped model's program comes back from JSON as it was", arguments: ShippedModel.all.map(\.name))
    func roundTrip(name: String) throws {
        let program = try #require(ShippedModel.named(name)).program(batch: 2)
        #expect(try decode(program).json() == program.json())
    }

    @Test("a run's folder stands for the program in it")
    func folder() async throws {
        let folder = try TemporaryFolder()
        let program = try Program(SmallModel())
        _ = try folder.write(String(decoding: try program.json(), as: UTF8.self), to: "run/program.json")
        #expect(try await ModelLoader.load(folder.path + "/run").name == "small-model")
        let error = await errors { try await ModelLoader.load(folder.path) }
        #expect(error?.description.contains("is a folder without a program.json") ?? false)
    }

    @Test("the saved batch may be asked for, another is refused and the reason given")
    func batch() async throws {
        let program = try Program(SmallModel())
        #expect(try decode(program, batch: 2).batch == 2)
        let error = await errors { try decode(program, batch: 3) }
        #expect(error?.errors.first?.code == .programBatch)
        #expect(error?.description.contains("batches of 2; its shapes cannot be changed to 3") ?? false)
    }

    @Test("a program of another version is told from a damaged one")
    func version() async throws {
        var program = try Program(SmallModel())
        program.version = 2
        let error = await errors { try decode(program) }
        #expect(error?.errors.map(\.code) == [.programVersion])
    }

    @Test(
        "what is no program is refused with its path",
        arguments: ["", "{", "[]", "null", "{}", "{\"version\": \"1\"}", "{\"version\": 1}", "\u{0}", "[[[[[[[["])
    func nonsense(text: String) async {
        let error = await errors { try ProgramFile.decode(Data(text.utf8), path: "a/b.json", batch: nil) }
        #expect(error?.errors.map(\.code) == [.programMalformed])
        #expect(error?.errors.first?.message.hasPrefix("a/b.json ") ?? false)
    }

    @Test("JSON nested a hundred thousand deep is refused, not followed to the end of the stack")
    func deep() async {
        let text = "{\"version\": 1, \"name\": " + String(repeating: "[", count: 100_000)
        let error = await errors { try ProgramFile.decode(Data(text.utf8), path: "deep.json", batch: nil) }
        #expect(error?.errors.map(\.code) == [.programMalformed])
    }

    @Test("a file that is missing, a folder or too large is refused")
    func unreadable() async throws {
        let folder = try TemporaryFolder()
        for path in ["\(folder.path)/none.json", "/dev/zero"] {
            let error = await errors { try ProgramFile.read(path, batch: nil) }
            #expect(error?.errors.map(\.code) == [.fileUnreadable])
            #expect(error?.errors.first?.message.hasPrefix(path) ?? false)
        }
    }

    /// One change to a sound program, and a part of what is said of it.
    struct Damage: Sendable, CustomTestStringConvertible {
        let text: String
        let change: @Sendable (inout Program) -> Void
        var testDescription: String { text }

        init(_ text: String, _ change: @escaping @Sendable (inout Program) -> Void) {
            self.text = text
            self.change = change
        }
    }

    private static func graph(_ nodes: [(Op, [Int])], outputs: [(String, Int)]) -> Graph {
        var graph = Graph()
        for (op, inputs) in nodes { graph.append(op, inputs.map { NodeID($0) }, origin: Origin("damage")) }
        graph.outputs = outputs.map { Output($0.0, NodeID($0.1)) }
        return graph
    }

    static let damages: [Damage] = [
        Damage("batch 0, out of 1 ... 65536") { $0.batch = 0 },
        Damage("steps 2000000000, out of") { $0.steps = 2_000_000_000 },
        Damage("classes -1, out of") { $0.classes = -1 },
        Damage("image width 9999, out of") { $0.image.width = 9999 },
        Damage("the name \"../../up\"") { $0.name = "../../up" },
        Damage("two parameters of one name") { $0.parameters.append($0.parameters[0]) },
        Damage("generator.dense1.weight as [5, 4], which the program does not hold") {
            $0.parameters[0].shape = [4, 5]
        },
        Damage("is not named as one of its network") { $0.parameters[0].name = "discriminator.other" },
        Damage("is not named as one of its network") { $0.parameters[0].layout = "in */ out" },
        Damage("begins as") { $0.parameters[0].initializer = .normal(deviation: -1) },
        Damage("has the shape") {
            $0.parameters.append($0.parameters[0])
            $0.parameters[$0.parameters.count - 1].name = "generator.unused"
            $0.parameters[$0.parameters.count - 1].shape = [1 << 31, 1 << 31, 1 << 31]
        },
        Damage("which there is not") { $0.image.height = 5 },
        Damage("which there is not") { $0.latent = 3 },
        Damage("its first output is not the loss") { $0.phases[0].graph.outputs.removeFirst() },
        Damage("two outputs of one name") { $0.phases[0].graph.outputs.append($0.phases[0].graph.outputs[1]) },
        Damage("is not a single number") { $0.phases[0].graph.outputs[1].node = NodeID(0) },
        Damage("renews no statistic of the network") {
            $0.phases[1].graph.outputs[$0.phases[1].graph.outputs.count - 1].name = "state:generator.dense1.bias"
        },
        Damage("renews no statistic of the network") {
            for index in $0.parameters.indices { $0.parameters[index].isTrained = true }
        },
        Damage("it trains the network \"critic\"") { $0.phases[0].network = "critic" },
        Damage("two phases of one name") { $0.phases[1].name = "discriminator" },
        Damage("two parameters of one name") {
            $0.parameters.append($0.parameters[0])
            $0.parameters[$0.parameters.count - 1].name = "generator.dense1_weight"
        },
        Damage("it trains the network \"generator\"") { $0.phases[1].name = "second" },
        Damage("0 phases") { $0.phases = [] },
        Damage("0 runs in a step") { $0.phases[0].runs = 0 },
        Damage("the optimiser's rate -1.0") {
            $0.phases[0].optimizer = .sgd(rate: -1, momentum: 0, nesterov: false)
        },
        Damage("the optimiser's beta1 1.0") {
            $0.phases[1].optimizer = .adam(rate: 1, beta1: 1, beta2: 0, epsilon: 1)
        },
        Damage("an average of decay 1.0") { $0.average?.decay = 1 },
        Damage("an average of the network") { $0.average?.network = "both" },
        Damage("the sampler does not give images") { $0.sampler.outputs[0].name = "loss" },
        Damage("the sampler does not give images") { $0.sampler.outputs = [] },
        Damage("it draws random numbers") {
            $0.sampler = graph(
                [(.random(Draw("noise", .normal(mean: 0, deviation: 1)), [2, 4, 4, 1]), [])], outputs: [("images", 0)])
        },
        Damage("the input secret as") {
            $0.sampler = graph([(.input(name: "secret", TensorType([2, 4, 4, 1])), [])], outputs: [("images", 0)])
        },
        Damage("draws \"../noise\"") {
            $0.phases[0].graph = graph(
                [(.random(Draw("../noise", .normal(mean: 0, deviation: 1)), []), [])], outputs: [("loss", 0)])
        },
        Damage("draws \"noise\" from") {
            $0.phases[0].graph = graph(
                [(.random(Draw("noise", .bernoulli(probability: 2, value: 1)), []), [])], outputs: [("loss", 0)])
        },
        Damage("two different draws are called noise") {
            $0.phases[0].graph = graph(
                [
                    (.random(Draw("noise", .uniform(low: 0, high: 1)), []), []),
                    (.random(Draw("noise", .uniform(low: 0, high: 2)), []), []), (.binary(.add), [0, 1]),
                ], outputs: [("loss", 2)])
        },
        Damage("indexes 2 places by numbers up to 2") {
            $0.phases[0].graph = graph(
                [
                    (.input(name: "labels", TensorType([2], .index)), []),
                    (.parameter(name: "generator.convTranspose1.bias", [1]), []),
                    (.broadcast([2], axes: [0]), [1]), (.gatherRows, [2, 0]), (.reduceSum(axes: [0]), [3]),
                ], outputs: [("loss", 4)])
        },
        Damage("an origin that cannot be printed") {
            var graph = Graph()
            let node = graph.append(.constant(1), origin: Origin("loss */ system(\"true\"); /*"))
            graph.outputs = [Output("loss", node)]
            $0.phases[0].graph = graph
        },
        Damage("layer generator.inputs1") { $0.layers[0].kind = "a\nb" },
    ]

    @Test("each part that does not fit the others is named", arguments: damages)
    func damage(_ damage: Damage) async throws {
        var program = try Program(SmallModel())
        damage.change(&program)
        let damaged = program
        let error = await errors { try decode(damaged) }
        #expect(error?.errors.map(\.code) == [.programMalformed])
        #expect(error?.description.contains(damage.text) ?? false, "\(error?.description ?? "accepted")")
    }
}
