import ArgumentParser
import CGAN
import Compiler
import Foundation
import ModelLoading
import Native

extension Precision: ExpressibleByArgument {}

/// The model that a command works on.
struct ModelArguments: ParsableArguments {
    @Argument(help: "A shipped model's name, a .swift file, or a saved program (.json).")
    var model: String

    @Option(help: ArgumentHelp("Examples in a batch, instead of the model's own number.", valueName: "B"))
    var batch: Int?

    func validate() throws {
        if let batch, batch < 1 { throw ValidationError("--batch is \(batch); it has to be at least 1") }
    }

    /// Evaluates the model.
    func program() async throws -> Program { try await ModelLoader.load(model, batch: batch) }
}

/// How many threads compute.
struct ThreadArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Threads, 1 to 64; the results do not depend on it. (default: one for each core)", valueName: "T"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...64).contains(threads) {
            throw ValidationError("--threads is \(threads); it has to be 1 to 64")
        }
    }

    /// The number asked for, or that of the cores this process may use.
    var count: Int { threads ?? Self.all }

    /// The number of the cores this process may use.
    static var all: Int { min(64, max(1, ProcessInfo.processInfo.activeProcessorCount)) }
}

extension Compilation {
    /// Prints what the compiler has to say of the model, once each, on standard error.
    func printRemarks() {
        for remark in remarks { ErrorReport.print(remark.description) }
    }

    /// The path of the library, built unless it was built before.
    func library(precision: Precision) async throws -> String {
        let start = ContinuousClock.now
        let path = try await BuildCache().library(of: try emit(), precision: precision)
        let seconds = Double((ContinuousClock.now - start).components.seconds)
        if seconds >= 1 { ErrorReport.print("compiled the C of \(program.name) in \(Int(seconds)) s") }
        return path
    }
}
