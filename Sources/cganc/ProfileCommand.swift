import ArgumentParser
import CGAN
import Compiler
import Datasets
import Formats
import Foundation
import Lowering
import Native
import Training

/// `cganc profile MODEL`.
struct ProfileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile", abstract: "Measure where the time of a training step goes.",
        discussion: """
            Builds the emitted C with counters (-DCGANC_PROFILE), trains in a throw-away folder, and prints what each \
            kernel took beside what this machine reaches in arithmetic and in memory traffic at the moment. The \
            numbers that are trained are the same as without counters. --out also draws phases, layers and kernels.
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
    var warmup = 3

    @Option(help: ArgumentHelp("Steps that are counted.", valueName: "N"))
    var steps = 20

    @Option(help: ArgumentHelp("Where a picture of the profile goes, as SVG.", valueName: "FILE"))
    var out: String?

    func validate() throws {
        for (name, value) in [("--warmup", warmup), ("--steps", steps)] where !(1...1_000_000).contains(value) {
            throw ValidationError("\(name) is \(value); it has to be 1 to 1,000,000")
        }
    }

    func run() async throws {
        let program = try await model.program()
        let compilation = try await tuning.applied(to: try Compilation(program), precision: precision)
        let library = try await BuildCache().library(
            of: try compilation.emit(), precision: precision, isProfiled: true)
        let limits = try await MachineLimits(threads: threads.count, precision: precision)
        let run = ThrowawayRun(
            compilation: compilation, library: library, precision: precision, threads: threads.count)
        let dataset: any Dataset = try data.map { try program.dataset($0) } ?? program.noise
        let (counters, stepSeconds) = try measure(run, on: dataset)
        let title =
            "\(program.name), batch \(program.batch), \(precision.rawValue), \(threads.count) "
            + "thread\(threads.count == 1 ? "" : "s")"
        let profile = StepProfile(
            compilation, title: title, counters: counters, steps: steps, stepSeconds: stepSeconds,
            roofline: Roofline(peak: limits.operations, bandwidth: limits.bytes), realBytes: precision.bytes)
        print(profile.text, terminator: "")
        if let out {
            try AtomicFile.write(FlameGraph(profile).svg, to: out)
            print("picture: \(out)")
        }
    }

    /// What `steps` steps after the first ones took, phase by phase, and the mean of the whole step in seconds.
    private func measure(_ run: ThrowawayRun, on dataset: any Dataset) throws -> ([PhaseCounters], Double) {
        let phases = run.compilation.lowered.phases
        var seen = 0
        var begin = ContinuousClock.now
        var seconds = 0.0
        var counters: [PhaseCounters] = []
        try run.run(on: dataset) { model in
            seen += 1
            guard seen == warmup || seen == warmup + steps else { return true }
            seconds = (ContinuousClock.now - begin) / .seconds(1)
            // The counters of the first steps are thrown away.
            counters = phases.enumerated().compactMap { index, phase in
                model.takeCounters(phase: index, kernels: phase.function.kernels.count)
            }
            begin = ContinuousClock.now
            return seen == warmup
        }
        guard seen == warmup + steps else { throw ExitCode(130) }
        return (counters, seconds / Double(steps))
    }
}
