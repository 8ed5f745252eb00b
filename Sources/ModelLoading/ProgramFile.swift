import CGAN
import Foundation
import Graph

/// Saved programs, read as untrusted input.
enum ProgramFile {
    /// The program saved at `path`.
    ///
    /// - Throws: `ModelErrors` if the file is not a program of this version whose parts fit, or if another `batch` is
    ///   asked for than it was saved with.
    static func read(_ path: String, batch: Int?) throws -> Program {
        try decode(Data(try readFile(path, limit: ModelEvaluator.limit)), path: path, batch: batch)
    }

    /// The program in `data`, which was read from `path`.
    ///
    /// - Throws: as ``read(_:batch:)``.
    static func decode(_ data: Data, path: String, batch: Int?) throws -> Program {
        let head: Head
        do { head = try JSONDecoder().decode(Head.self, from: data) } catch {
            throw malformed(path, "is not a saved program: \(reason(error))")
        }
        guard head.version == Program.currentVersion else {
            throw ModelErrors([
                ModelError(
                    .programVersion,
                    "\(path) is a program of version \(head.version); this cganc reads \(Program.currentVersion)",
                    help: "save it again from its model file")
            ])
        }
        let program: Program
        do {
            try JSONDecoder().decode(ProgramOutline.self, from: data).check()
            program = try JSONDecoder().decode(Program.self, from: data)
        } catch {
            throw malformed(path, "is damaged: \(reason(error))")
        }
        try program.validate(path: path)
        if let batch, batch != program.batch {
            throw ModelErrors([
                ModelError(
                    .programBatch,
                    "\(path) is a saved program for batches of \(program.batch); its shapes cannot be changed to \(batch)",
                    help: "give the model's name or its .swift file with --batch \(batch)")
            ])
        }
        return program
    }

    /// What is decoded first, to tell an old program from a damaged one.
    private struct Head: Decodable { var version: Int }

    private static func malformed(_ path: String, _ reason: String) -> ModelErrors {
        ModelErrors([
            ModelError(.programMalformed, "\(path) \(reason)", help: "save it again from its model")
        ])
    }

    /// The decoder's reason with the place in the file.
    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        let (text, context): (String, DecodingError.Context) =
            switch error {
            case .keyNotFound(let key, let context): ("\"\(key.stringValue)\" is missing", context)
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                (context.debugDescription, context)
            @unknown default: ("\(error)", DecodingError.Context(codingPath: [], debugDescription: ""))
            }
        let path = context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        return path.isEmpty ? text : "\(path): \(text)"
    }
}
