public import CGAN
import Foundation
public import Models

/// Makes a program of whatever a user names as MODEL.
public enum ModelLoader {
    /// The program of `model`: a shipped model's name, the path of a `.swift` file, that of a saved program, or that of
    /// a run's folder.
    ///
    /// - Parameters:
    ///   - batch: examples in a batch, instead of the model's own number; a saved program has only its own.
    ///   - shownPath: what the program's places name instead of the path of a `.swift` file, which may be a temporary one.
    /// - Throws: `ModelErrors` with all that is wrong with the model or its file.
    public static func load(_ model: String, batch: Int? = nil, shownPath: String? = nil) async throws -> Program {
        if model.hasSuffix(".swift") {
            var file = try ModelFile(model)
            if let shownPath { file.shownPath = shownPath }
            return try await ModelEvaluator(library: try LibraryLocation()).program(of: file, batch: batch)
        }
        if model.hasSuffix(".json") { return try ProgramFile.read(model, batch: batch) }
        if let shipped = ShippedModel.named(model) { return try shipped.program(batch: batch) }
        if FileManager.default.fileExists(atPath: model + "/program.json") {
            return try ProgramFile.read(model + "/program.json", batch: batch)
        }
        throw model.contains("/") || FileManager.default.fileExists(atPath: model)
            ? noProgram(at: model) : unknown(model)
    }

    /// The text of the file that describes `model`, so that it could be evaluated as a file of the user's; nil for a saved
    /// program, which has none.
    ///
    /// - Throws: `ModelErrors` if the file cannot be read.
    public static func source(of model: String) throws -> String? {
        if model.hasSuffix(".swift") { return String(decoding: try ModelFile(model).source, as: UTF8.self) }
        if let shipped = ShippedModel.named(model) { return ModelTemplate.file(of: shipped) }
        let saved = model + "/model.swift"
        guard FileManager.default.fileExists(atPath: saved) else { return nil }
        return String(decoding: try readFile(saved, limit: ModelFile.limit), as: UTF8.self)
    }

    /// The shipped model called `name`.
    ///
    /// - Throws: `ModelErrors` with the name that was probably meant.
    public static func shipped(_ name: String) throws -> ShippedModel {
        guard let shipped = ShippedModel.named(name) else { throw unknown(name) }
        return shipped
    }

    private static func noProgram(at path: String) -> ModelErrors {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let found = !exists ? "no such file" : isFolder.boolValue ? "is a folder without a program.json" : "is no model"
        return ModelErrors([
            ModelError(
                .unknownModel, "\(path): \(found)",
                help: "give a file that ends in .swift or .json, the folder of a run, or a name that cganc list prints")
        ])
    }

    private static func unknown(_ name: String) -> ModelErrors {
        let near = nearNames(to: name, among: ShippedModel.all.map(\.name))
        let help =
            near.isEmpty
            ? "`cganc list` lists the shipped models; files end in .swift or .json"
            : "did you mean \(near.joined(separator: " or "))?"
        return ModelErrors([ModelError(.unknownModel, "there is no model \"\(name)\"", help: help)])
    }
}
