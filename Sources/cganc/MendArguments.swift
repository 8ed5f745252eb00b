import ArgumentParser
import CGAN
import Diagnosis
import Foundation
import Mending
import ModelLoading
import Training

/// The part of `cganc diagnose RUN` that tries mends and makes them.
struct MendArguments: ParsableArguments {
    @Flag(
        name: .customLong("try"),
        help: "Try the mends that are recommended: train each for a while from before the trouble began, and rank them."
    )
    var tries = false

    @Option(
        name: .customLong("apply"), defaultAsFlag: MendChoice.best,
        help: ArgumentHelp("Make the best mend, or the one named, in the model's file.", valueName: "MEND"))
    var applied: MendChoice?

    @Option(help: ArgumentHelp("Steps of each try. (default: by when the trouble showed)", valueName: "N"))
    var trySteps: Int?

    @Option(
        help: ArgumentHelp(
            "The step at which each try begins: that of a checkpoint, or 0. (default: the last one before the trouble)",
            valueName: "N"))
    var tryFrom: Int?

    @Option(help: ArgumentHelp("Try only these mends: names with commas between.", valueName: "MENDS"))
    var among: String?

    @Option(help: ArgumentHelp("The run's data, if they lie elsewhere now.", valueName: "DATA"))
    var data: String?

    @Option(help: ArgumentHelp("A new file for the mended model, instead of its own.", valueName: "FILE"))
    var out: String?

    @OptionGroup var threads: ThreadArguments

    func validate() throws {
        if let trySteps, !(20...1_000_000).contains(trySteps) {
            throw ValidationError("--try-steps is \(trySteps); it has to be 20 to 1,000,000")
        }
        if let tryFrom, tryFrom < 0 { throw ValidationError("--try-from is \(tryFrom); it has to be at least 0") }
        if let name = among?.split(separator: ",").first(where: { name in !Mend.all.contains { $0.name == name } }) {
            throw ValidationError(
                "--among: there is no mend \(name); there are \(Mend.all.map(\.name).joined(separator: ", "))")
        }
        if out != nil, applied == nil { throw ValidationError("--out is where --apply writes; add --apply") }
        if let out, !out.hasSuffix(".swift") { throw ValidationError("--out is \(out); it has to end in .swift") }
    }

    /// True if there is anything to do here.
    var isWanted: Bool { tries || applied != nil }

    /// Tries and applies.
    func run(on folder: RunFolder) async throws {
        let program = try await ModelLoader.load(folder.programPath)
        let checkpoint = try Checkpoint.read(try folder.latestCheckpoint())
        let dataset = try program.dataset(data ?? checkpoint.identity.data)
        let run = try RunToMend(folder, program: program, examples: dataset.stored?.labels.count)
        print("\(folder.path): \(run.verdict.headline)")
        let trials = try await Trials(run, on: dataset, threads: threads.count, from: tryFrom, steps: trySteps)
        var best: String?
        if tries {
            let names = among?.split(separator: ",").map(String.init)
            let result = try await MendingSession(trials, progress: MendingProgress()).run(among: names)
            print(result.ranking.text + "\n" + Ranking.legend + "\n")
            for row in result.ranking.rows.prefix(1) where !row.fresh.isEmpty {
                print("begun anew with \(row.candidate.name ?? ""): \(row.fresh.joined(separator: ", "))\n")
            }
            best = result.best?.candidate.name
            if let row = result.best { print(trials.change(to: row.candidate.text, in: out).text + "\n") }
            if best == nil { print(trials.advice(result)) }
            if let page = folder.writePage(of: program, checkpoint.identity) { print("report: \(page)") }
            if let best, applied == nil { print("make it (\(best)) with: cganc diagnose \(folder.path) --apply") }
        }
        if let applied { try await apply(applied, best: best, trials) }
    }

    private func apply(_ choice: MendChoice, best: String?, _ trials: Trials) async throws {
        let folder = trials.run.folder
        let name: String
        switch choice {
        case .named(let given): name = given
        case .best:
            guard let found = try best ?? MendReport.read(from: folder)?.best else {
                throw TrainingError(
                    tries ? "no mend was confirmed, so none was made" : "no mend has been confirmed for \(folder.path)",
                    help: tries
                        ? "name one to make it all the same: --apply MEND"
                        : "try them: cganc diagnose \(folder.path) --try --apply")
            }
            name = found
        }
        let text = try await trials.text(applying: name.split(separator: "+").map(String.init))
        let file = MendedFile(trials.run, out: out)
        if !tries || choice != .best { print(trials.change(to: text, in: out).text + "\n") }
        try file.write(text)
        print(
            file.isInPlace
                ? "\(file.path) has \(name) now; as it was: \(folder.modelPath)"
                : "wrote \(file.path): \(folder.modelPath) with \(name)")
        print("train it with: \(trials.command(training: file.path))")
    }
}

/// Which mend is made.
enum MendChoice: Equatable, ExpressibleByArgument {
    /// The one that was confirmed.
    case best
    /// One by its name; several with a plus between.
    case named(String)

    init?(argument: String) { self = .named(argument) }

    var defaultValueDescription: String { "the best" }
}

extension Trials {
    /// The command that trains the model in `path` as the run was trained, into a folder of its own.
    fileprivate func command(training path: String) -> String {
        let identity = run.identity
        var words = ["cganc", "train", path, "--data", identity.data, "--seed", "\(identity.seed)"]
        if let batch { words += ["--batch", "\(batch)"] }
        if FileManager.default.fileExists(atPath: run.folder.tuningPath) {
            words += ["--tuning", run.folder.tuningPath]
        }
        if identity.precision != .float { words += ["--precision", identity.precision.rawValue] }
        var folder = "\(run.folder.path)-mended"
        var count = 2
        while FileManager.default.fileExists(atPath: folder) {
            folder = "\(run.folder.path)-mended-\(count)"
            count += 1
        }
        words += ["--out", folder]
        return words.joined(separator: " ")
    }

    /// What to do where nothing was confirmed.
    fileprivate func advice(_ result: MendingSession.Result) -> String {
        let code = run.verdict.code.map { "; cganc explain \($0.rawValue) tells more" } ?? ""
        guard let nearest = result.ranking.recovered.first?.candidate.name ?? result.ranking.rows.first?.candidate.name
        else { return "no mend could be tried\(code)" }
        return result.ranking.recovered.isEmpty
            ? "no mend was enough; the nearest is \(nearest)\(code)\ntry longer with --try-steps \(2 * steps)"
            : "no mend held with a fresh seed; the best by its own run is \(nearest)\(code)"
    }
}
