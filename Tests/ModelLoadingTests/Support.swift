import CGAN
import Foundation
import Graph

@testable import ModelLoading

/// A small model with a bit of everything: statistics, masks, tables, pooling, a penalty.
struct SmallModel: ConditionalGAN {
    let images = ImageShape(height: 4, width: 4, channels: 1)
    let classes = 3
    let latent = 2
    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(4)
        BatchNorm()
        ReLU()
        Reshape(2, 2, 1)
        ConvTranspose(1, kernel: 2, stride: 2)
        Tanh()
    }
    var discriminator: Network {
        Inputs(.image, .label(.embeddedPlane))
        Conv(2, kernel: 3, stride: 2)
        LeakyReLU(0.2)
        MaxPool()
        Dropout(0.5)
        Dense(1)
    }
    var objective: Objective { .nonSaturating(smoothing: .uniform(real: 0.7...1), penalty: .gradient()) }
    var training: Training { Training(batch: 2).average(.generator, decay: 0.9) }
}

/// A folder that goes when the value does.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "cganc-loading-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes `text` to `name` and returns its path.
    func write(_ text: String, to name: String) throws -> String {
        let file = "\(path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}

/// What `body` reports; nil if it reports nothing.
func errors(_ body: () async throws -> Program) async -> ModelErrors? {
    do {
        _ = try await body()
        return nil
    } catch let errors as ModelErrors {
        return errors
    } catch {
        return ModelErrors([ModelError(.toolMissing, "not an error of the model's: \(error)")])
    }
}
