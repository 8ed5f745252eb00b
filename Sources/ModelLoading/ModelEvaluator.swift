import CGAN
import Caching
import Foundation
import Subprocess

/// Runs compiled model files and reads their programs.
struct ModelEvaluator {
    let library: LibraryLocation
    /// Where compiled model files lie; nil for the user's cache.
    var cache: String?
    /// How long reading a model may take. It takes milliseconds.
    var timeLimit: Duration = .seconds(60)

    /// The largest program that is read, in bytes.
    static let limit = 64 << 20

    /// The program that `file` describes.
    ///
    /// - Throws: `ModelErrors` with the compiler's messages, or with what is wrong with the model.
    func program(of file: ModelFile, batch: Int?) async throws -> Program {
        var compiler = ModelFileCompiler(library: library)
        if let cache { compiler.cache = Cache(at: cache) }
        let json = try await output(of: try await compiler.program(of: file), file: file, batch: batch)
        let nothing = ModelErrors([
            ModelError(
                .evaluationFailed, "\(file.path) ended without handing over a model",
                help: "let it return from main by itself; cganc reads the model after that")
        ])
        let evaluation: Evaluation
        do {
            try JSONDecoder().decode(Outline.self, from: Data(json)).program?._0.check()
            evaluation = try JSONDecoder().decode(Evaluation.self, from: Data(json))
        } catch {
            throw nothing
        }
        switch evaluation {
        case .errors(let errors): throw errors.isEmpty ? nothing : ModelErrors(errors)
        case .program(let program):
            try program.validate(path: file.path)
            return program
        }
    }

    /// An ``Evaluation`` as it claims to be; a file's own code may write anything to the descriptor.
    private struct Outline: Decodable {
        struct Value: Decodable { var _0: ProgramOutline }
        var program: Value?
    }

    /// What the program at `path` writes to descriptor 3.
    ///
    /// The shell makes a pipe of our own descriptor 3 and sends what the model prints to standard error.
    private func output(of path: String, file: ModelFile, batch: Int?) async throws -> [UInt8] {
        let environment = Environment.inherit.updating([
            "CGANC_PROGRAM_FD": "3", "CGANC_MODEL_FILE": file.shownPath, "CGANC_BATCH": batch.map(String.init),
            "SWIFT_BACKTRACE": "enable=no",
        ])
        let arguments = Arguments(["-c", "exec 3>&1 1>&2 && exec \"$0\"", path])
        let limit = timeLimit
        do {
            return try await withThrowingTaskGroup(of: [UInt8].self) { group in
                group.addTask {
                    let result = try await run(
                        .path("/bin/sh"), arguments: arguments, environment: environment, input: .none,
                        output: .bytes(limit: Self.limit),
                        error: .currentStandardError)
                    if result.terminationStatus.isSuccess { return result.standardOutput }
                    throw ModelErrors([Self.failure(of: file, result.terminationStatus)])
                }
                group.addTask {
                    try await Task.sleep(for: limit)
                    throw ModelErrors([
                        ModelError(
                            .evaluationTooLong, "\(file.path) has not described its model after \(limit)",
                            help: "look for a loop that does not end")
                    ])
                }
                defer { group.cancelAll() }
                return try await group.next() ?? []
            }
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw ModelErrors([
                ModelError(.evaluationFailed, "\(file.path) describes a model of more than \(Self.limit) bytes")
            ])
        }
    }

    private static func failure(of file: ModelFile, _ status: TerminationStatus) -> ModelError {
        let end =
            switch status {
            case .exited(let code): "exit status \(code)"
            case .signaled(let signal): "signal \(signal)"
            }
        return ModelError(
            .evaluationFailed, "\(file.path) stopped while its model was read (\(end))",
            help: "its own message stands above; it comes from code in that file")
    }
}
