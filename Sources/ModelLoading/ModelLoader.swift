public import CGAN
import Models

/// Makes a program of whatever a user names as MODEL.
public enum ModelLoader {
    /// The program of `model`: a shipped model's name, the path of a `.swift` file, or that of a saved program.
    ///
    /// - Parameter batch: examples in a batch, instead of the model's own number; a saved program has only its own.
    /// - Throws: `ModelErrors` with all that is wrong with the model or its file.
    public static func load(_ model: String, batch: Int? = nil) async throws -> Program {
        if model.hasSuffix(".swift") {
            let file = try ModelFile(model)
            return try await ModelEvaluator(library: try LibraryLocation()).program(of: file, batch: batch)
        }
        if model.hasSuffix(".json") || model.contains("/") { return try ProgramFile.read(model, batch: batch) }
        guard let shipped = ShippedModel.named(model) else { throw unknown(model) }
        return try shipped.program(batch: batch)
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
