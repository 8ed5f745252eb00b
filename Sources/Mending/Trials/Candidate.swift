public import CGAN
import Compiler
import Diagnosis
import Foundation
import Lowering
import ModelLoading
import Native

/// A model's file as one mend leaves it, ready to train.
public struct Candidate: Sendable {
    /// What it goes by: the mend's name, or the names of several with a plus between; nil for the file as it is.
    public var name: String?
    /// The whole file.
    public var text: String
    /// What the file describes.
    public var program: Program
    /// The path of the library that was built of it.
    public var library: String

    /// True if a parameter begins otherwise than in `other`, which has it too: what a checkpoint holds of it would undo
    /// that.
    func beginsOtherwise(than other: Candidate) -> Bool {
        let known = Dictionary(other.program.parameters.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return program.parameters.contains { parameter in
            guard let old = known[parameter.name], old.shape == parameter.shape else { return false }
            return old.initializer != parameter.initializer
        }
    }
}

/// Makes candidates: evaluates a changed file as any model file, checks it, and builds it.
struct CandidateBuilder: Sendable {
    /// The name under which the file is evaluated, such as `Critic.swift`.
    var fileName: String
    /// The run's batch, if the command line set it and not the file.
    var batch: Int?
    var precision: Precision
    /// What the run's contractions are computed by; those that a mend changes are computed by the portable methods.
    var tuning: Tuning?
    /// What is wrong with the model as it is, which a mend need not take away.
    var knownErrors: [DiagnosisCode] = []

    /// Why a mend is not tried, in a few words.
    struct Refusal: Error { var reason: String }

    /// The program of the file `text`.
    ///
    /// - Throws: `ModelErrors` if the Swift compiler or cganc does not accept it.
    func program(of text: String) async throws -> Program {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cganc-mend-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent(fileName)
        try Data(text.utf8).write(to: file)
        // A library is built once, wherever its model's file lay for the moment.
        return try await ModelLoader.load(file.path, batch: batch, shownPath: fileName)
    }

    /// The candidate of the file `text`.
    ///
    /// - Throws: ``Refusal`` if the changed file is not accepted, or something in it is proved wrong that was not before;
    ///   `NativeError` if nothing can be built here.
    func candidate(_ name: String?, text: String) async throws -> Candidate {
        try await compiled(name, text: text).candidate
    }

    /// The candidate of the file `text`, with what was compiled.
    func compiled(_ name: String?, text: String) async throws -> (candidate: Candidate, compilation: Compilation) {
        let differentiation: ProgramDifferentiation
        do {
            differentiation = try ProgramDifferentiation(try await program(of: text))
        } catch let errors as ModelErrors {
            let first = errors.errors.first
            throw Refusal(reason: first.map { "\($0.message) [\($0.code.rawValue)]" } ?? "the file is not accepted")
        }
        let errors = Diagnosis(differentiation, allowing: knownErrors).errors
        if let error = errors.first { throw Refusal(reason: "\(error.message) [\(error.code.rawValue)]") }
        let compilation = try Compilation(differentiation).tuned(by: tuning)
        let library = try await BuildCache().library(of: try compilation.emit(), precision: precision)
        return (Candidate(name: name, text: text, program: compilation.program, library: library), compilation)
    }
}
