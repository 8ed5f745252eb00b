import CGAN
import Formats
import Foundation
import Training

/// Which models are compared, over which seeds, for how long, and where the runs are kept.
public struct ArticlePlan: Sendable {
    /// The models, in the order of the page.
    public var models: [ArticleModel]
    /// Every model is trained with each of them.
    public var seeds: [UInt64]
    /// Steps of each run.
    public var steps: Int
    /// The data as `cganc train --data` takes them.
    public var data: String
    /// The folder of the page and of the runs.
    public var folder: String

    /// A plan of all its parts.
    public init(models: [ArticleModel] = ArticleModel.all, seeds: [UInt64], steps: Int, data: String, folder: String) {
        self.models = models
        self.seeds = seeds
        self.steps = steps
        self.data = data
        self.folder = folder
    }

    /// One training run of the comparison.
    struct Run: Sendable {
        var model: ArticleModel
        var seed: UInt64
        var folder: RunFolder

        /// What the judge of labels said, kept when the run was done.
        var labelsPath: String { "\(folder.path)/labels.json" }

        /// True if it has done exactly `steps` steps, and its images were judged.
        func isDone(steps: Int) -> Bool {
            folder.checkpointSteps.last == steps && FileManager.default.fileExists(atPath: labelsPath)
        }

        /// What the judge of labels said.
        func labels() throws -> LabelAgreement {
            let bytes = try InputFile.read(labelsPath, limit: 1 << 16)
            do { return try JSONDecoder().decode(LabelAgreement.self, from: Data(bytes)) } catch {
                throw FormatError(
                    path: labelsPath, "is damaged", help: "remove the file; the next run of the article writes it anew")
            }
        }
    }

    /// All runs, seed by seed, so that an early end leaves every model with a run.
    var runs: [Run] {
        seeds.flatMap { seed in
            models.map { model in
                Run(model: model, seed: seed, folder: RunFolder("\(folder)/runs/\(model.name)-seed-\(seed)"))
            }
        }
    }

    /// Steps between two lines of metrics that tell of layers and logits: a hundred of them in a run.
    var telemetryInterval: Int { max(1, min(50, steps / 100)) }

    /// Throws ``TrainingError`` if the folder holds runs of other data, of other models, or longer ones: what is done is
    /// not done again, so it has to be what is asked for.
    public func check() throws {
        let programs = try models.map { (name: $0.name, program: try $0.program().watchingImageGradient()) }
        var data: [String: String] = [:]
        for run in runs {
            guard let last = run.folder.checkpointSteps.last else { continue }
            guard last <= steps else {
                throw TrainingError(
                    "\(run.folder.path) has done \(last) steps, more than the \(steps) that are asked for",
                    help: "ask for \(last) steps, or choose another folder")
            }
            guard let program = programs.first(where: { $0.name == run.model.name })?.program else { continue }
            let identity = try Checkpoint.read(run.folder.checkpointPath(step: last)).identity
            let images = "\(program.image) \(program.classes)"
            let fingerprint = try data[images] ?? RunIdentity.dataFingerprint(of: program.dataset(self.data))
            data[images] = fingerprint
            guard identity.dataFingerprint == fingerprint else {
                throw TrainingError(
                    "\(run.folder.path) was trained on \(identity.data)"
                        + (identity.data == self.data ? ", whose contents have changed" : ", not on \(self.data)"),
                    help: "choose another folder, or remove that run")
            }
            guard identity.stepFingerprint == RunIdentity.stepFingerprint(of: program) else {
                throw TrainingError(
                    "\(run.folder.path) was trained when \(run.model.name) was another model",
                    help: "choose another folder, or remove that run")
            }
        }
    }
}
