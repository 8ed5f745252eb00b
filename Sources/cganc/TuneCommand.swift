import ArgumentParser
import CGAN
import Compiler
import Foundation
import Lowering
import Native
import Training

/// `cganc tune MODEL`.
struct TuneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Measure on this machine how each contraction is computed fastest.",
        discussion: """
            Matrix products can be computed by register tiles, with either operand laid out in panels, or by OpenBLAS, \
            some convolutions directly or by minimal filtering. This builds the model once for each, measures every contraction inside whole training steps, and \
            writes what was fastest to a small text file, which compile, train, time and profile take as --tuning. \
            Without it the portable methods serve, and they stay where nothing is faster by more than the noise of the \
            measurement: leave the machine alone meanwhile.

            Methods differ in rounding, so a run that is trained with a tuning keeps it and is resumed with it; with \
            the same tuning and the same OpenBLAS results are the same bits at any number of threads.
            """)

    @OptionGroup var model: ModelArguments

    @OptionGroup var threads: ThreadArguments

    @Option(help: "The number type: float or double.")
    var precision = Precision.float

    @Option(help: ArgumentHelp("How often each method is measured.", valueName: "N"))
    var rounds = 9

    @Option(
        help: ArgumentHelp("Where the choices go. (default: MODEL.tuning in the working folder)", valueName: "FILE"))
    var out: String?

    func validate() throws {
        guard (1...1000).contains(rounds) else {
            throw ValidationError("--rounds is \(rounds); it has to be 1 to 1,000")
        }
    }

    func run() async throws {
        let program = try await model.program()
        let machine = try await MachineDescription()
        let hasBLAS = try await CCompiler().findsBLAS()
        if !hasBLAS { ErrorReport.print("note: there is no cblas.h, so OpenBLAS is not among the methods") }
        let compilation = try Compilation(program)
        let tuner = Tuner(
            compilation, precision: precision, threads: threads.count,
            methods: Method.allCases.filter { hasBLAS || !$0.callsBLAS }, rounds: rounds, dataset: program.noise)
        var outcome = try await tuner.run { ErrorReport.print($0) }
        outcome.tuning.conditions = conditions(program, machine, outcome)
        let path = out ?? "\(program.name).tuning"
        try TuningFile.write(outcome.tuning, to: path)
        print(outcome.table, terminator: "")
        print(outcome.tuning.conditions.step)
        let departures = compilation.tuned(by: outcome.tuning).lowered.departures.count
        let count = outcome.tuning.rows.count
        print(
            "\(path): \(count) contraction\(count == 1 ? "" : "s"), \(departures) of them not by the portable method")
        if departures > 0 { print("use it with: cganc train \(model.model) --tuning \(path)") }
    }

    private func conditions(
        _ program: Program, _ machine: MachineDescription, _ outcome: Tuner.Outcome
    ) -> Tuning.Conditions {
        var conditions = Tuning.Conditions()
        conditions.model = program.name
        conditions.batch = String(program.batch)
        conditions.precision = precision.rawValue
        conditions.threads = String(threads.count)
        conditions.processor = machine.processor
        conditions.compiler = machine.compiler
        conditions.blas = machine.blas
        conditions.date = String(ISO8601DateFormatter().string(from: Date()).prefix(10))
        conditions.step = outcome.summary
        return conditions
    }
}

extension Tuner.Outcome {
    /// The contractions, with milliseconds for each method in a step.
    fileprivate var table: String {
        let methods = Method.allCases.filter { method in
            tuning.rows.contains { $0.measurements.contains { $0.method == method } }
        }
        var table = TextTable(
            [("contraction", .left), ("kernels", .right)] + methods.map { ($0.rawValue, .right) }
                + [("chosen", .left)])
        for (row, count) in zip(tuning.rows, kernels) {
            let times = methods.map { method in
                row.measurements.first { $0.method == method }.map { TextTable.number($0.milliseconds, 3) } ?? ""
            }
            let mark = row.method == .portable(for: row.contraction) ? "" : row.method.rawValue
            table.add([row.contraction.description, "\(count)"] + times + [mark])
        }
        return "milliseconds in a training step\n" + table.text
    }

    /// One line: whole steps, as chosen and as they are without.
    fileprivate var summary: String {
        guard let comparison else { return "the portable methods are the fastest, or as fast as any" }
        func number(_ value: Double) -> String { TextTable.number(value, 2) }
        let less = TextTable.percent(abs(1 - comparison.share))
        return
            "a step takes \(number(comparison.tuned)) ms as chosen, \(number(comparison.portable)) ms by the portable "
            + "methods; round by round, \(less) \(comparison.share < 1 ? "less" : "more") in the median"
            + (comparison.pays ? "" : ", within the noise or worse, so the portable ones are kept")
    }
}
