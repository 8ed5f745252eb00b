import Diagnosis
import Foundation
import Testing

/// One model file for each cause that shows only while a model trains, and a healthy twin of it.
///
/// `make test` trains each once, on `glyphs`. `make cases` trains each with three seeds on `glyphs` and on a folder
/// of data, and the shipped models too; it says so in `CGANC_CASE_SEEDS` (`1,2,3`), `CGANC_CASE_DATA` (data
/// sets with colons between them) and `CGANC_CASES` (names of cases with spaces between them; each brings its twin).
@Suite struct DynamicCaseTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seeds = (environment["CGANC_CASE_SEEDS"] ?? "1").split(separator: ",").compactMap { UInt64($0) }
    private static let data = (environment["CGANC_CASE_DATA"] ?? "glyphs").split(separator: ":").map(String.init)
    /// True if every combination is asked for, and the shipped models with them.
    private static let isWhole = environment["CGANC_CASE_SEEDS"] != nil

    /// The names of the cases that are asked for; empty for all.
    private static let names = (environment["CGANC_CASES"] ?? "").split(separator: " ").map(String.init)

    @Test("every cause is named by the verdict on its run, and its healthy twin stays without one")
    func cases() async throws {
        let all = DynamicCase.all + (Self.isWhole ? DynamicCase.shipped : [])
        let asked = all.filter { model in
            Self.names.isEmpty || Self.names.contains { [$0, $0 + "-healthy"].contains(model.name) }
        }
        try #require(!asked.isEmpty, "CGANC_CASES names no case")
        let outcomes = try await outcomes(of: asked)
        print(table(outcomes))
        for outcome in outcomes {
            #expect(outcome.isRight, "\(outcome.name), \(outcome.data), seed \(outcome.seed): \(outcome.codes)")
        }
    }

    @Test("every faulty run has a healthy twin, and every code that is measured has a case")
    func twins() {
        let names = Set(DynamicCase.all.map(\.name))
        #expect(DynamicCase.all.count >= 42)
        for model in DynamicCase.all {
            #expect(model.isHealthy == model.name.hasSuffix("-healthy"), "\(model.name)")
            if !model.isHealthy { #expect(names.contains(model.name + "-healthy"), "\(model.name)") }
        }
        let covered = Set(DynamicCase.all.compactMap(\.expected))
        for code in DiagnosisCode.allCases where code.isMeasured {
            #expect(covered.contains(code.rawValue), "\(code.rawValue)")
        }
    }

    /// What is said of every run, two models at a time: each is compiled unless it was before.
    private func outcomes(of models: [DynamicCase]) async throws -> [DynamicOutcome] {
        try await withThrowingTaskGroup(of: (Int, [DynamicOutcome]).self) { group in
            var results: [(Int, [DynamicOutcome])] = []
            for (index, model) in models.enumerated() {
                if index >= 2, let result = try await group.next() { results.append(result) }
                group.addTask { (index, try await Self.outcomes(of: model)) }
            }
            for try await result in group { results.append(result) }
            return results.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private static func outcomes(of model: DynamicCase) async throws -> [DynamicOutcome] {
        let trainable = try await TrainableCase(model)
        var outcomes: [DynamicOutcome] = []
        for data in data where data == "glyphs" || trainable.takesDigits {
            for seed in seeds { outcomes.append(try await trainable.outcome(data: data, seed: seed)) }
        }
        return outcomes
    }

    /// The table of detection and false alarms: a line for each model, with what was found and in how many runs.
    private func table(_ outcomes: [DynamicOutcome]) -> String {
        var names: [String] = []
        for outcome in outcomes where !names.contains(outcome.name) { names.append(outcome.name) }
        let width = names.map(\.count).max() ?? 0
        var lines = names.map { name in
            let runs = outcomes.filter { $0.name == name }
            let right = runs.count(where: \.isRight)
            let expected = runs.first?.expected
            var line = name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
            line += "\(expected ?? "-    ")  \(expected == nil ? "silent" : "named") in \(right) of \(runs.count)"
            if let verdict = runs.lazy.compactMap(\.naming).first {
                line += "  step \(verdict.since): \(verdict.sentence)"
            }
            for run in runs where !run.isRight {
                line += "\n    WRONG on \(run.data) with seed \(run.seed): \(run.codes.joined(separator: ", "))"
            }
            return line
        }
        let faulty = outcomes.filter { $0.expected != nil }
        let healthy = outcomes.filter { $0.expected == nil }
        lines.append(
            "dynamic causes: \(faulty.count(where: \.isRight)) of \(faulty.count) runs named, "
                + "\(healthy.count { !$0.isRight }) false alarms on \(healthy.count) healthy runs")
        return lines.joined(separator: "\n")
    }
}
