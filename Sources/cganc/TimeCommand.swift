import ArgumentParser
import CGAN
import Compiler
import Datasets
import Foundation
import Native
import Training

/// `cganc time MODEL`.
struct TimeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "time", abstract: "Measure how long training steps take.",
        discussion: """
            Trains in a throw-away folder, by default on noise of the model's shape, with all that a step of \
            `cganc train` does: random numbers, the gathering of examples, every update, a line of metrics.
            """)

    @OptionGroup var model: ModelArguments

    @OptionGroup var threads: ThreadArguments
    @OptionGroup var tuning: TuningArguments

    @Option(help: "The number type: float or double.")
    var precision = Precision.float

    @Option(
        help: ArgumentHelp(
            "glyphs, or a folder of IDX, CIFAR-10, .npy or PNG files. (default: noise)", valueName: "DATA"))
    var data: String?

    @Option(help: ArgumentHelp("First steps that do not count.", valueName: "N"))
    var warmup = 5

    @Option(help: ArgumentHelp("Steps that are timed, at least.", valueName: "N"))
    var steps = 20

    @Option(help: ArgumentHelp("Seconds of timed steps, at least.", valueName: "S"))
    var seconds = 3.0

    @Option(
        help: ArgumentHelp(
            "Steps between two that are watched; 0 for no telemetry.", valueName: "N"))
    var telemetryInterval = TrainingOptions.telemetryInterval

    @Flag(help: "Print one JSON object.")
    var json = false

    func validate() throws {
        for (name, value) in [("--warmup", warmup), ("--steps", steps)] where !(1...1_000_000).contains(value) {
            throw ValidationError("\(name) is \(value); it has to be 1 to 1,000,000")
        }
        guard 0...1_000_000 ~= telemetryInterval else {
            throw ValidationError("--telemetry-interval is \(telemetryInterval); it has to be 0 to 1,000,000")
        }
        guard 0...3600 ~= seconds else {
            throw ValidationError("--seconds is \(seconds); it has to be 0 to 3600")
        }
    }

    func run() async throws {
        let begin = Date().timeIntervalSince1970
        let program = try await model.program()
        let compilation = try await tuning.applied(to: try Compilation(program), precision: precision)
        let buildBegin = ContinuousClock.now
        let library = try await BuildCache().library(of: try compilation.emit(), precision: precision)
        let buildSeconds = ContinuousClock.now - buildBegin
        var timing = StepTiming(
            warmup: warmup, steps: steps, seconds: seconds, telemetryInterval: telemetryInterval)
        let run = ThrowawayRun(
            compilation: compilation, library: library, precision: precision, threads: threads.count,
            telemetryInterval: telemetryInterval)
        let dataset: any Dataset = try data.map { try program.dataset($0) } ?? program.noise
        try run.run(on: dataset) { _ in timing.stepEnded() }
        guard let firstStepAt = timing.firstStepAt, !timing.milliseconds.isEmpty else { throw ExitCode(130) }
        let report = TimeReport(
            model: program.name, batch: program.batch, threads: threads.count, precision: precision.rawValue,
            steps: timing.milliseconds.count, medianMilliseconds: timing.quantile(0.5),
            leastMilliseconds: timing.quantile(0), tenthMilliseconds: timing.quantile(0.1),
            ninetiethMilliseconds: timing.quantile(0.9), watchedSteps: timing.watchedMilliseconds.count,
            watchedMilliseconds: timing.watchedMilliseconds.isEmpty
                ? nil : StepTiming.quantile(0.5, of: timing.watchedMilliseconds), peakMemoryBytes: peakMemory(),
            contractionFLOPs: compilation.lowered.contractionFLOPs,
            arenaBytes: compilation.lowered.arenaCount * precision.bytes, buildSeconds: buildSeconds / .seconds(1),
            firstStepSeconds: firstStepAt - begin, firstStepAt: firstStepAt)
        print(json ? try report.json : report.text)
    }
}

/// What a timing came to.
struct TimeReport: Encodable {
    var model: String
    var batch: Int
    var threads: Int
    var precision: String
    /// Timed steps.
    var steps: Int
    var medianMilliseconds: Double
    var leastMilliseconds: Double
    var tenthMilliseconds: Double
    var ninetiethMilliseconds: Double
    /// The timed steps at whose end every parameter and layer was looked at, and their median; nil if there are none.
    var watchedSteps: Int
    var watchedMilliseconds: Double?
    /// Of the whole process, the compiler included.
    var peakMemoryBytes: Int
    /// Of one step, in matrix products and convolutions.
    var contractionFLOPs: Int
    var arenaBytes: Int
    /// From emission to the built library; almost nothing if it was built before.
    var buildSeconds: Double
    /// From the command's own beginning to the end of the first step.
    var firstStepSeconds: Double
    /// Seconds since 1970 then: whoever started the command knows more of its beginning.
    var firstStepAt: Double

    /// One line for a program.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// A few lines for a person.
    var text: String {
        let rate = Double(contractionFLOPs) / (medianMilliseconds * 1e6)
        return """
            \(model), batch \(batch), \(precision), \(threads) thread\(threads == 1 ? "" : "s")
            \(String(format: "%.2f", medianMilliseconds)) ms per step, the median of \(steps) \
            (\(String(format: "%.2f to %.2f", tenthMilliseconds, ninetiethMilliseconds)) for eight in ten)
            \(String(format: "%.1f", rate)) GFLOP/s in matrix products and convolutions
            \(String(format: "%.1f", Double(peakMemoryBytes) / 1e6)) MB at most
            \(String(format: "%.2f", firstStepSeconds)) s to the end of the first step, \
            \(String(format: "%.2f", buildSeconds)) s of it for the C
            """
    }
}
