import CGAN
import Diagnosis
import Foundation
import Graph
import ModelLoading

/// A model file of `Cases` with what is to be said of it in its first lines: `// expect: GZ003 at 14:9`, one line for
/// each finding, or `// expect: nothing`.
struct ModelCase {
    /// The file's name without its ending.
    let name: String
    let path: String
    /// What is to be found, as `GZ003 at 14:9`, sorted.
    let expected: [String]

    /// True of a case in which nothing is wrong: the healthy twin of the one it is named after.
    var isHealthy: Bool { name.hasSuffix("-healthy") }

    /// True of a case in which a zero is only to be explained.
    var isBenign: Bool { name.hasPrefix("benign-") }

    /// Every case, by name.
    static let all: [ModelCase] = {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Cases")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            let path = folder.appendingPathComponent(name).path
            guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
            let lines = text.split(separator: "\n").prefix { $0.hasPrefix("// expect: ") }
            let expected = lines.map { String($0.dropFirst("// expect: ".count)) }.filter { $0 != "nothing" }
            return ModelCase(name: String(name.dropLast(6)), path: path, expected: expected.sorted())
        }
    }()

    /// What `cganc check` says of it, as `GZ003 at 14:9`, sorted: errors and warnings, and the notes that are expected.
    func found() async throws -> [String] {
        let said: [String]
        do {
            let diagnosis = try Diagnosis(try await ModelLoader.load(path))
            said = diagnosis.findings.compactMap { finding in
                let text = Self.text(finding.code.rawValue, finding.location)
                return finding.severity == .note && !expected.contains(text) ? nil : text
            }
        } catch let errors as ModelErrors {
            said = errors.errors.map { Self.text($0.code.rawValue, $0.location) }
        }
        return said.sorted()
    }

    private static func text(_ code: String, _ place: SourceLocation?) -> String {
        place.map { "\(code) at \($0.line):\($0.column)" } ?? code
    }
}
