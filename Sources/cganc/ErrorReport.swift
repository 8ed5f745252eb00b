import ArgumentParser
import CGAN
import Datasets
import Differentiation
import Formats
import Foundation
import Graph
import ModelLoading
import Native
import Optimization
import Training

/// Errors as a person reads them: `error: …`, then notes, then a way out.
enum ErrorReport {
    /// The lines of `error`; nil if the argument parser prints it itself.
    static func text(of error: any Error) -> String? {
        switch error {
        case is ValidationError, is CleanExit, is ExitCode: nil
        case let error as ModelErrors: error.description
        case let error as ModelError: error.description
        case let error as FormatError: error.description
        case let error as TrainingError: error.description
        case let error as NativeError: "error: \(error.description)"
        case let error as PipelineError: "error: " + error.message.replacing("; help: ", with: "\nhelp: ")
        case let error as DifferentiationError: "error: \(error.message)"
        case let error as VerifierError: "error: \(error.description)"
        case let error as ShapeError: "error: \(error)"
        default:
            // What remains are the argument parser's own errors, and those of Foundation.
            fullMessage(of: error)
        }
    }

    private static func fullMessage(of error: any Error) -> String? {
        Cganc.exitCode(for: error) == .failure ? "error: \(error.localizedDescription)" : nil
    }

    /// Prints `text` on standard error.
    static func print(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
