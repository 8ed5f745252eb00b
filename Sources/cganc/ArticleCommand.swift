import ArgumentParser
import Foundation
import Reporting
import Training

/// `cganc article`.
struct ArticleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "article",
        abstract: "Train the article's listings and remedies side by side, and judge its claims.",
        discussion: """
            Trains the three listings, the losing game that the article's text describes, and each remedy that it names, \
            with the same seeds, and writes OUT/article.html with curves, tables and samples, and the numbers as CSV. \
            Runs that are done are not run again, so that it can be stopped and started at will.
            """)

    @Option(help: ArgumentHelp("Seeds, separated by commas or blanks.", valueName: "S,S,…"))
    var seeds = "1,2,3"

    @Option(help: ArgumentHelp("Steps of each run.", valueName: "N"))
    var steps = 1000

    @Option(
        help: ArgumentHelp("glyphs, or a folder of IDX, .npy or PNG files of 28x28 grey images.", valueName: "DATA"))
    var data = "glyphs"

    @Option(help: ArgumentHelp("Where the page and the runs go.", valueName: "OUT"))
    var out = "runs/article"

    @Option(help: ArgumentHelp("Only these models, separated by commas. (default: all)", valueName: "MODEL,…"))
    var models: String?

    @Option(help: ArgumentHelp("Runs at a time, each with one thread. (default: one for each core)", valueName: "J"))
    var jobs: Int?

    @Flag(help: "Train nothing: write the page of the runs that are done.")
    var pageOnly = false

    func validate() throws {
        if steps < 1 { throw ValidationError("--steps is \(steps); it has to be at least 1") }
        if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs is \(jobs); it has to be 1 to 64") }
        _ = try chosenSeeds()
        _ = try chosenModels()
    }

    func run() async throws {
        let plan = ArticlePlan(
            models: try chosenModels(), seeds: try chosenSeeds(), steps: steps, data: data, folder: out)
        if pageOnly {
            try plan.check()
        } else {
            let cores = ProcessInfo.processInfo.activeProcessorCount
            let training = ArticleTraining(plan, jobs: jobs ?? min(64, max(1, cores))) { ErrorReport.print($0) }
            guard try await training.run() else {
                print("stopped; go on with the same command")
                throw ExitCode(130)
            }
        }
        let results = try ArticleResults(plan)
        for judgement in results.judgements {
            print("\(judgement.outcome.rawValue): \(judgement.claim.subject): \(judgement.claim.quote)")
        }
        let paths = try results.write()
        print("page: \(paths[0])\nnumbers: \(paths.dropFirst().joined(separator: ", "))")
    }

    private func chosenSeeds() throws -> [UInt64] {
        let parts = seeds.split { $0 == "," || $0 == " " }
        let numbers = parts.compactMap { UInt64($0) }
        guard !numbers.isEmpty, numbers.count == parts.count, Set(numbers).count == numbers.count else {
            throw ValidationError("--seeds is \"\(seeds)\"; it has to be different whole numbers, such as 1,2,3")
        }
        return numbers
    }

    private func chosenModels() throws -> [ArticleModel] {
        guard let models else { return ArticleModel.all }
        return try models.split { $0 == "," || $0 == " " }.map { name in
            guard let model = ArticleModel.named(String(name)) else {
                throw ValidationError(
                    "--models has \"\(name)\"; there are " + ArticleModel.all.map(\.name).joined(separator: ", "))
            }
            return model
        }
    }
}
