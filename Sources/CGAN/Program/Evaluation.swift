internal import Foundation

/// What evaluating a model file comes to: its program, or what is wrong with it. Crosses from the model's process to
/// cganc as JSON.
public enum Evaluation: Codable, Sendable {
    /// The model as the compiler receives it.
    case program(Program)
    /// What is wrong with it; never empty.
    case errors([ModelError])

    /// Evaluates `model`.
    public init(of model: some ConditionalGAN, batch: Int? = nil, file: String? = nil) {
        do {
            self = .program(try Program(model, batch: batch, file: file))
        } catch let found as ModelErrors {
            self = .errors(found.errors)
        } catch {
            self = .errors([ModelError(.evaluationFailed, "\(error)")])
        }
    }

    /// As JSON with sorted keys: the same bytes from any process.
    ///
    /// A number that JSON cannot hold becomes an error of the model's.
    public func json() -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(self))
        } catch {
            let error = ModelError(.notFinite, "the model holds a number that is not finite")
            return [UInt8]((try? encoder.encode(Evaluation.errors([error]))) ?? Data())
        }
    }
}
