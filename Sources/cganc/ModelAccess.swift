import CGAN
import Foundation
import Models
import Training

/// Models by shipped name or saved program.
enum ModelLoader {
    static func load(_ model: String, batch: Int?) async throws -> Program {
        if model.hasSuffix(".json") {
            return try JSONDecoder().decode(Program.self, from: Data(contentsOf: URL(fileURLWithPath: model)))
        }
        guard let program = try ShippedModel.named(model)?.program(batch: batch) else {
            throw TrainingError("there is no model \(model)", help: "cganc list lists those there are")
        }
        return program
    }
}
