import ArgumentParser
import Compiler
import Lowering
import Native
import Training

/// The methods of a model's contractions.
struct TuningArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Methods that `cganc tune` chose for the contractions. (default: portable ones)", valueName: "FILE"))
    var tuning: String?

    /// Reads the file that was asked for, if any.
    func read() throws -> Tuning? { try tuning.map(TuningFile.read) }

    /// `compilation` by the methods of the file that was asked for, if any. Prints what the file does not fit.
    func applied(to compilation: Compilation, precision: Precision?) async throws -> Compilation {
        try await compilation.tuned(by: try read(), precision: precision)
    }
}

extension Compilation {
    /// The same program by the methods of `tuning`, if any. Prints what that does not fit, on standard error.
    func tuned(by tuning: Tuning?, precision: Precision?) async throws -> Compilation {
        guard let tuning else { return self }
        // C can be written where none can be compiled.
        let machine = try? await MachineDescription()
        for remark in tuning.remarks(on: lowered, precision: precision, machine: machine) {
            ErrorReport.print("note: \(remark)")
        }
        return tuned(by: tuning)
    }
}
