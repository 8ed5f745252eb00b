import Diagnosis
import Foundation
import ModelLoading
import Models
import Testing

/// One faulty model file for each cause, and a healthy twin of it.
@Suite struct CaseTests {
    @Test("every cause is found at its place, and nothing is said of its healthy twin")
    func cases() async throws {
        let outcomes = try await outcomes()
        #expect(outcomes.count >= 80)
        print(table(outcomes))
        for outcome in outcomes {
            #expect(outcome.found == outcome.model.expected, "\(outcome.model.name)")
        }
    }

    @Test("every faulty case has a healthy twin, and every case says what is expected of it")
    func twins() {
        let names = Set(ModelCase.all.map(\.name))
        for model in ModelCase.all {
            #expect(model.expected.isEmpty == model.isHealthy, "\(model.name)")
            if !model.isHealthy, !model.isBenign { #expect(names.contains(model.name + "-healthy"), "\(model.name)") }
        }
    }

    @Test(
        "no shipped model has an error, and only those of the article a warning: the one that is their subject",
        arguments: ShippedModel.all.map(\.name))
    func shipped(name: String) throws {
        let model = try #require(ShippedModel.named(name))
        let diagnosis = try Diagnosis(try model.program())
        #expect(diagnosis.errors.isEmpty)
        #expect(diagnosis.warnings.map(\.code) == (name.hasPrefix("article-") ? [.squashedLogarithm] : []))
    }

    @Test("every change that is proposed mends its case: nothing is left to say of it")
    func edits() async throws {
        let folder = NSTemporaryDirectory() + "cganc-edits-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var mended: [String] = []
        for model in ModelCase.all where !model.isHealthy && !model.isBenign {
            guard let diagnosis = try? Diagnosis(try await ModelLoader.load(model.path)) else { continue }
            let edits = (diagnosis.errors + diagnosis.warnings).compactMap(\.edit)
            guard let edit = edits.first else { continue }
            let (_, after) = try #require(SourceLines.disk.change(edit), "\(model.name)")
            var lines = try String(contentsOfFile: model.path, encoding: .utf8).split(
                separator: "\n", omittingEmptySubsequences: false)
            lines[edit.place.line - 1] = Substring(after)
            let path = "\(folder)/\(model.name).swift"
            try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            let again = try Diagnosis(try await ModelLoader.load(path))
            #expect(again.errors.isEmpty && again.warnings.isEmpty, "\(model.name): \(again.findings.map(\.head))")
            mended.append(model.name)
        }
        print("mended by one line: \(mended.joined(separator: ", "))")
        #expect(mended.count >= 10)
    }

    private struct Outcome {
        var model: ModelCase
        var found: [String]
    }

    /// What is found in each case, two at a time: each is compiled by the Swift compiler unless it was before.
    private func outcomes() async throws -> [Outcome] {
        try await withThrowingTaskGroup(of: (Int, Outcome).self) { group in
            var results: [(Int, Outcome)] = []
            for (index, model) in ModelCase.all.enumerated() {
                if index >= 2, let result = try await group.next() { results.append(result) }
                group.addTask { (index, Outcome(model: model, found: try await model.found())) }
            }
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// The table of detection and false alarms.
    private func table(_ outcomes: [Outcome]) -> String {
        let width = outcomes.map(\.model.name.count).max() ?? 0
        var lines = outcomes.map { outcome in
            let (expected, found) = (outcome.model.expected, outcome.found)
            let silence = outcome.model.isBenign ? "explained" : expected.isEmpty ? "silent" : "found"
            let verdict = expected == found ? silence : "WRONG, found \(found)"
            let padding = String(repeating: " ", count: width - outcome.model.name.count)
            return
                "\(outcome.model.name)\(padding)  \(expected.isEmpty ? "-" : expected.joined(separator: ", "))  \(verdict)"
        }
        let healthy = outcomes.filter(\.model.isHealthy)
        let benign = outcomes.filter(\.model.isBenign)
        let faulty = outcomes.filter { !$0.model.isHealthy && !$0.model.isBenign }
        let detected = faulty.count { $0.found == $0.model.expected }
        let explained = benign.count { $0.found == $0.model.expected }
        let alarms = healthy.count { !$0.found.isEmpty }
        lines.append(
            "static causes: \(detected) of \(faulty.count) found, \(alarms) false alarms on \(healthy.count) healthy twins, "
                + "\(explained) of \(benign.count) benign zeros explained")
        return lines.joined(separator: "\n")
    }
}
