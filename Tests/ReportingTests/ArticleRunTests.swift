import CGAN
import Foundation
import Testing
import Training

@testable import Reporting

/// Networks that are built in a moment.
private struct TinyPair: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var name = "tiny-pair"
    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }
    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Flatten()
        Dense(8)
        LeakyReLU(0.2)
        Dense(1)
    }
    var isHinge = false
    var objective: Objective { isHinge ? .hinge() : .minimax() }
    var training: Training { Training(batch: 8, steps: 6, seed: 5) }
}

@Suite(.serialized) struct ArticleRunTests {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("article-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private func plan(_ folder: String, steps: Int = 6) -> ArticlePlan {
        let models = [("article-minimax", false), ("article-overpowered", true)].map { name, isHinge in
            ArticleModel(name: name, title: name, change: "a change", source: "    let images\n    // \(name)\n") {
                try Program(TinyPair(name: name, isHinge: isHinge))
            }
        }
        return ArticlePlan(models: models, seeds: [1, 2], steps: steps, data: "glyphs", folder: folder)
    }

    @Test("two models over two seeds become a page of curves, claims and sheets, and tables of all numbers")
    func endToEnd() async throws {
        try await withFolder { folder in
            let plan = plan(folder)
            #expect(try await ArticleTraining(plan, jobs: 2) { _ in }.run())
            let results = try ArticleResults(plan)
            #expect(results.results.count == 4)
            #expect(results.results.allSatisfy { $0.measures.image != nil && $0.measures.labels != nil })
            let paths = try results.write()
            #expect(
                paths.map { URL(fileURLWithPath: $0).lastPathComponent } == [
                    "article.html", "claims.csv", "runs.csv", "curves.csv",
                ])
            let page = try String(contentsOfFile: paths[0], encoding: .utf8)
            expectSelfContained(page)
            #expect(page.split(separator: "data:image/png").count - 1 == 4 + 1)
            #expect(page.contains("<path class=\"line s1\""))
            let runs = try #require(CSV(parsing: try String(contentsOfFile: paths[2], encoding: .utf8)))
            #expect(runs.rows.count == 4)
            let curves = try #require(CSV(parsing: try String(contentsOfFile: paths[3], encoding: .utf8)))
            #expect(curves.rows.count == 4 * 6)
            #expect(curves.rows.allSatisfy { Double($0[3]) != nil })
        }
    }

    @Test("runs that are done are not run again, and longer ones go on where they stopped")
    func resuming() async throws {
        try await withFolder { folder in
            let lines = Lines()
            #expect(try await ArticleTraining(plan(folder), jobs: 1) { lines.add($0) }.run())
            #expect(lines.all.count == 4)
            let metrics = "\(folder)/runs/article-minimax-seed-1/metrics.jsonl"
            let before = try String(contentsOfFile: metrics, encoding: .utf8)
            #expect(try await ArticleTraining(plan(folder), jobs: 1) { lines.add($0) }.run())
            #expect(lines.all.count == 4)
            #expect(try String(contentsOfFile: metrics, encoding: .utf8) == before)
            #expect(try await ArticleTraining(plan(folder, steps: 8), jobs: 1) { lines.add($0) }.run())
            #expect(lines.all.count == 8)
            #expect(try String(contentsOfFile: metrics, encoding: .utf8).hasPrefix(before))
            await #expect(throws: TrainingError.self) {
                _ = try await ArticleTraining(plan(folder, steps: 7), jobs: 1) { _ in }.run()
            }
        }
    }

    @Test("runs of other data, and of a model that has changed since, are never taken for those that are asked for")
    func otherRuns() async throws {
        try await withFolder { folder in
            let plan = plan(folder)
            #expect(try await ArticleTraining(plan, jobs: 2) { _ in }.run())
            try plan.check()
            var elsewhere = plan
            elsewhere.data = "\(folder)/black"
            try FileManager.default.createDirectory(atPath: elsewhere.data, withIntermediateDirectories: true)
            let images = Data([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0, 8] + [UInt8](repeating: 0, count: 3 * 64))
            try images.write(to: URL(fileURLWithPath: "\(elsewhere.data)/train-images-idx3-ubyte"))
            let labels = Data([0, 0, 8, 1, 0, 0, 0, 3, 0, 1, 2])
            try labels.write(to: URL(fileURLWithPath: "\(elsewhere.data)/train-labels-idx1-ubyte"))
            let other = #expect(throws: TrainingError.self) { try elsewhere.check() }
            #expect(other?.description.contains("was trained on glyphs, not on \(elsewhere.data)") ?? false)
            var changed = plan
            changed.models[1].program = plan.models[0].program
            let model = #expect(throws: TrainingError.self) { try changed.check() }
            #expect(model?.description.contains("article-overpowered-seed-1 was trained when") ?? false)
        }
    }

    @Test("a run's page begins with its verdict, and has curves, sheets, the model and what check says of it")
    func runPage() async throws {
        try await withFolder { folder in
            let plan = plan(folder)
            #expect(try await ArticleTraining(plan, jobs: 1) { _ in }.run())
            let run = plan.runs[0]
            let record = try RunRecord(run.folder, program: try run.model.program())
            let source = ModelSource(name: "Tiny.swift", text: "struct <Tiny>")
            let path = try RunPage(record, source: source, settings: [("data", "glyphs")]).write()
            let page = try String(contentsOfFile: path, encoding: .utf8)
            expectSelfContained(page)
            let verdict = try #require(page.firstRange(of: "too early to tell"))
            let curve = try #require(page.firstRange(of: "<svg"))
            #expect(verdict.lowerBound < curve.lowerBound)
            #expect(page.contains("struct &lt;Tiny&gt;"))
            #expect(page.contains("data:image/png"))
            #expect(page.contains("gradient norms"))
        }
    }
}

/// Lines that a training reported.
private final class Lines: @unchecked Sendable {
    private let lock = NSLock()
    private var lines: [String] = []
    func add(_ line: String) { lock.withLock { lines.append(line) } }
    var all: [String] { lock.withLock { lines } }
}
