import Compiler
import Foundation
import Models
import Testing

/// The emitted C of the shipped models, kept in `generated/`. With `CGANC_WRITE_GOLDENS=1` in the environment the tests
/// write it anew (`make golden`).
@Suite("Goldens")
struct GoldenFileTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("generated")
    private static let isWriting = ProcessInfo.processInfo.environment["CGANC_WRITE_GOLDENS"] == "1"

    @Test("generated/ holds byte for byte what is emitted", arguments: ShippedModel.all)
    func isUpToDate(model: ShippedModel) throws {
        let folder = Self.folder.appendingPathComponent(model.name)
        if Self.isWriting { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        for file in try model.standalone().files {
            let url = folder.appendingPathComponent(file.name)
            if Self.isWriting { try Data(file.text.utf8).write(to: url) }
            let kept = try #require(
                try? Data(contentsOf: url),
                "generated/\(model.name)/\(file.name) cannot be read; `make golden` writes it anew")
            if kept != Data(file.text.utf8) {
                let difference = firstDifference(
                    between: String(decoding: kept, as: UTF8.self), and: file.text)
                Issue.record("generated/\(model.name)/\(file.name)\(difference)\n`make golden` writes it anew")
            }
        }
    }

    @Test("generated/ holds nothing else")
    func holdsNothingElse() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.first != "." }
        #expect(folders.sorted() == ShippedModel.all.map(\.name).sorted())
        for model in ShippedModel.all {
            let path = Self.folder.appendingPathComponent(model.name).path
            // Whoever builds there leaves objects and programs behind.
            let kept = try FileManager.default.contentsOfDirectory(atPath: path)
                .filter { $0.hasSuffix(".c") || $0.hasSuffix(".h") || $0 == "Makefile" }
            #expect(kept.sorted() == (try model.standalone().files.map(\.name).sorted()), "generated/\(model.name)")
        }
    }

    @Test(
        "emitted files are short enough to read: below 6000 lines of at most 120 columns", arguments: ShippedModel.all)
    func areReadable(model: ShippedModel) throws {
        for file in try model.standalone().files {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count < 6000, "\(file.name) of \(model.name)")
            // The manifest's texts are for machines.
            let long = lines.enumerated().filter { $0.element.count > 120 && !$0.element.hasPrefix("    \"") }
            let first = long.first.map { "\(file.name):\($0.offset + 1): \($0.element)" } ?? ""
            #expect(long.isEmpty, "\(long.count) lines of \(model.name) are longer than 120 columns\n\(first)")
        }
    }

    /// Swift seeds its hashing anew in each process, so an order that follows from a `Set` or a `Dictionary` would
    /// differ from one to the next.
    @Test("two other processes emit the same bytes as this one", arguments: ["dcgan-wgan-gp", "dcgan-bn-bce"])
    func isTheSameFromEveryProcess(name: String) throws {
        let files = try #require(ShippedModel.named(name)).standalone().files
        let command = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("cganc").path
        for attempt in 1...2 {
            let folder = try TemporaryFolder()
            let result = try run([command, "compile", name, "--out", "emitted"], in: folder.path)
            try #require(result.status == 0, "\(result.output)")
            for file in files {
                let emitted = try String(contentsOfFile: folder.file("emitted/\(file.name)"), encoding: .utf8)
                let difference = firstDifference(between: file.text, and: emitted)
                #expect(difference.isEmpty, "process \(attempt): \(file.name)\(difference)")
            }
        }
    }

    @Test("the first difference of two texts names its line and column")
    func differencesAreFound() {
        #expect(firstDifference(between: "a\nbcd\n", and: "a\nbxd\n") == ":2:2: differs\n  kept    bcd\n  emitted bxd")
        #expect(firstDifference(between: "a\n", and: "a\nb") == ":2:1: differs\n  kept    \n  emitted b")
    }
}

/// `:line:column: differs`, and the two lines; empty if there is no difference.
private func firstDifference(between kept: String, and emitted: String) -> String {
    let old = kept.split(separator: "\n", omittingEmptySubsequences: false)
    let new = emitted.split(separator: "\n", omittingEmptySubsequences: false)
    for line in 0..<max(old.count, new.count) {
        let (a, b) = (line < old.count ? old[line] : "", line < new.count ? new[line] : "")
        guard a != b else { continue }
        let column = zip(a, b).prefix { $0 == $1 }.count
        return ":\(line + 1):\(column + 1): differs\n  kept    \(a)\n  emitted \(b)"
    }
    return kept == emitted ? "" : ": one ends earlier"
}
