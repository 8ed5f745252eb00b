import ArgumentParser
import CGAN
import Compiler
import Diagnosis
import Foundation
import Lowering
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
    @OptionGroup var tuning: TuningArguments

    @Option(help: ArgumentHelp("Where the C files go. (default: a folder of the model's name)", valueName: "DIR"))
    var out: String?

    @Option(help: "Also build the library with this number type, and say where it is: float or double.")
    var precision: Precision?

    @Option(help: "Print a level instead of writing files: \(Level.allCases.map(\.rawValue).joined(separator: ", ")).")
    var show: Level?

    @Flag(
        help:
            "Print what each kernel of a step costs by its shapes, and which bound it meets, instead of writing files.")
    var explainCost = false

    @OptionGroup var machine: RooflineArguments

    @Option(help: ArgumentHelp("Leave a pass out; can be repeated.", valueName: "PASS"))
    var disable: [String] = []

    func validate() throws {
        guard show != nil || explainCost else { return }
        if show != nil, explainCost {
            throw ValidationError("--show and --explain-cost both print: ask for one of them")
        }
        if out != nil {
            let printing = explainCost ? "--explain-cost" : "--show"
            throw ValidationError("--out names a folder for files, and \(printing) writes none: leave one out")
        }
    }

    func run() async throws {
        var pipeline = Pipeline.standard
        for name in disable { pipeline = try pipeline.disabling(name) }
        let differentiation = try ProgramDifferentiation(try await model.program())
        let compilation = try await tuning.applied(
            to: try Compilation(differentiation, pipeline: pipeline), precision: precision)
        if let show {
            print(try compilation.text(of: show))
            return
        }
        if explainCost {
            let bytes = (precision ?? .float).bytes
            print(CostReport(compilation, machine: machine.roofline, realBytes: bytes).text, terminator: "")
            return
        }
        try Diagnosis(differentiation, allowing: waivers.codes).report(on: model.model)
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

/// What `--explain-cost` assumes of the machine.
struct RooflineArguments: ParsableArguments {
    @Option(help: ArgumentHelp("GFLOP/s that --explain-cost assumes, of all threads together.", valueName: "GFLOPS"))
    var peak = 200.0

    @Option(help: ArgumentHelp("GB/s from and to memory that --explain-cost assumes.", valueName: "GB/S"))
    var bandwidth = 40.0

    func validate() throws {
        for (name, value) in [("--peak", peak), ("--bandwidth", bandwidth)] where !(0.001...1e9).contains(value) {
            throw ValidationError("\(name) is \(value); it has to be between 0.001 and 1e9")
        }
    }

    var roofline: Roofline { Roofline(peak: peak * 1e9, bandwidth: bandwidth * 1e9) }
}
