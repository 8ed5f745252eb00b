import ArgumentParser
import CGAN
import Compiler
import Diagnosis
import Foundation
import Native
import Optimization
import Training

extension Level: ExpressibleByArgument {}

/// `cganc compile MODEL`.
struct CompileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compile", abstract: "Write the model as C, or print it at a level of the compiler.")

    @OptionGroup var model: ModelArguments
    @OptionGroup var waivers: WaiverArguments

    @Option(help: ArgumentHelp("Where the C files go. (default: a folder of the model's name)", valueName: "DIR"))
    var out: String?

    @Option(help: "Also build the library with this number type, and say where it is: float or double.")
    var precision: Precision?

    @Option(help: "Print a level instead of writing files: \(Level.allCases.map(\.rawValue).joined(separator: ", ")).")
    var show: Level?

    @Option(help: ArgumentHelp("Leave a pass out; can be repeated.", valueName: "PASS"))
    var disable: [String] = []

    func run() async throws {
        var pipeline = Pipeline.standard
        for name in disable { pipeline = try pipeline.disabling(name) }
        let program = try await model.program()
        let compilation = try Compilation(program, pipeline: pipeline)
        if let show {
            print(try compilation.text(of: show))
            return
        }
        try Diagnosis(program, allowing: waivers.codes).report(on: model.model)
        compilation.printRemarks()
        let folder = out ?? compilation.program.name
        let files = try StandaloneFiles(try compilation.emit()).files
        try Folders.write(files.map { ($0.name, [UInt8]($0.text.utf8)) }, to: folder)
        for file in files { print("\(folder)/\(file.name): \(file.text.count { $0 == "\n" }) lines") }
        if let precision {
            print("library: \(try await compilation.library(precision: precision))")
        }
    }
}
