import ArgumentParser
import Compiler
import Datasets
import Native
import Training

/// `cganc dump MODEL`.
struct DumpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dump", abstract: "Write everything that another framework needs to check one training step.")

    @OptionGroup var model: ModelArguments

    @Option(help: ArgumentHelp("Of parameters, random numbers and images. (default: the model's)", valueName: "S"))
    var seed: UInt64?

    @Option(help: "The number type: float or double.")
    var precision = Precision.float

    @Option(
        help: ArgumentHelp(
            "Where the real images come from, as in train. (default: glyphs of the seed)", valueName: "DATA"))
    var data: String?

    @Option(help: ArgumentHelp("Where manifest.json and the .npy files go.", valueName: "DIR"))
    var out: String

    func run() async throws {
        let program = try await model.program()
        let dataset = try data.map { try program.dataset($0) }
        let dump = try await DumpWriter.step(
            of: program, seed: seed ?? program.seed, precision: precision, dataset: dataset)
        try DumpWriter.write(dump, to: out)
        print("\(out)/manifest.json: \(dump.tensors.count) tensors of \(dump.runs.count) phases")
    }
}
