import ArgumentParser
import Compiler

/// `cganc summary MODEL`.
struct SummaryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary", abstract: "Print layers, shapes, parameters, and what a training step costs.")

    @OptionGroup var model: ModelArguments

    func run() async throws {
        print(ModelSummary(try Compilation(try await model.program())).text)
    }
}
