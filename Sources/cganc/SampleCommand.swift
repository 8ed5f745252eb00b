import ArgumentParser
import CGAN
import Compiler
import Formats
import Foundation
import ModelLoading
import Native
import Training

/// `cganc sample --run RUN`.
struct SampleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Draw images with a trained generator.")

    @Argument(help: "The model. (default: the one that the run has saved)")
    var model: String?

    @Option(
        name: .customLong("run"), help: ArgumentHelp("A run's folder; its last checkpoint is taken.", valueName: "RUN"))
    var runFolder: String?

    @Option(help: ArgumentHelp("A checkpoint, instead of a run's last one.", valueName: "FILE"))
    var checkpoint: String?

    @Option(help: ArgumentHelp("The classes wanted, one image each: 0,1,2.", valueName: "LABELS"))
    var labels: String?

    @Flag(help: "Ten images of every class, one row for each (what is drawn without --labels).")
    var grid = false

    @Option(help: ArgumentHelp("Of the latents. (default: the run's)", valueName: "S"))
    var seed: UInt64?

    @Flag(help: "Take the generator's last parameters even if the model keeps their moving average.")
    var noAverage = false

    @OptionGroup var threads: ThreadArguments

    @Option(help: ArgumentHelp("The picture.", valueName: "FILE.png"))
    var out = "samples.png"

    func validate() throws {
        guard (runFolder == nil) != (checkpoint == nil) else {
            throw ValidationError("give a run's folder (--run) or a checkpoint (--checkpoint)")
        }
        if grid, labels != nil { throw ValidationError("--grid and --labels exclude each other") }
    }

    func run() async throws {
        let path = try checkpoint ?? RunFolder(runFolder ?? "").latestCheckpoint()
        let held = try Checkpoint.read(path)
        // A checkpoint lies in RUN/checkpoints.
        let folder =
            runFolder ?? URL(fileURLWithPath: path).deletingLastPathComponent().deletingLastPathComponent().path
        let program = try await ModelLoader.load(model ?? RunFolder(folder).programPath, batch: nil)
        let wanted = try labels.map { try Self.parse($0, classes: program.classes) }
        let compilation = try Compilation(program).tuned(by: try RunFolder(folder).tuning())
        let library = try await compilation.library(precision: held.identity.precision)
        let native = try NativeModel(library: library, seed: seed ?? held.identity.seed, threads: threads.count)
        try held.restoreForSampling(into: native, path: path)
        let picture =
            if let wanted {
                try SampleGrid.sheet(
                    of: native, labels: wanted, columns: min(SampleGrid.columns, wanted.count), useAverage: !noAverage)
            } else {
                try SampleGrid.sheet(of: native, useAverage: !noAverage)
            }
        try PNG.write(picture, to: out)
        print("\(out): \(wanted?.count ?? SampleGrid.count(classes: program.classes)) images of step \(held.step)")
    }

    /// The classes in `0,1,2`.
    private static func parse(_ text: String, classes: Int) throws -> [Int32] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let word = part.trimmingCharacters(in: .whitespaces)
            guard let label = Int32(word) else {
                throw ValidationError("--labels are whole numbers separated by commas; '\(word)' is none")
            }
            guard 0 <= label, Int(label) < classes else {
                throw TrainingError(
                    "label \(label) names no class: the model has \(classes)", help: "choose from 0 to \(classes - 1)")
            }
            return label
        }
    }
}
