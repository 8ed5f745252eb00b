import ArgumentParser
import CGAN
import Diagnosis
import Training

/// `cganc explain CODE`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain an error or a diagnosis by its code.")

    @Argument(help: "The code, such as M014 or GZ003. (default: all of them, one line each)")
    var code: String?

    func run() throws {
        guard let code else {
            let codes = ModelError.Code.allCases.map(\.rawValue) + DiagnosisCode.allCases.map(\.rawValue)
            for code in codes { print(Self.page(on: code)?.prefix { $0 != "\n" } ?? "") }
            return
        }
        guard let page = Self.page(on: code) else {
            throw TrainingError("there is no error \(code)", help: "`cganc explain` lists all codes")
        }
        print(page.split(separator: "\n", omittingEmptySubsequences: false).map(Self.wrapped).joined(separator: "\n"))
    }

    /// The page on an error's code or a diagnosis's.
    private static func page(on code: String) -> String? {
        ModelError.explanation(code) ?? DiagnosisCode(text: code)?.explanation
    }

    /// `line` in lines of at most 96 columns; indented lines are code and stay as they are.
    private static func wrapped(_ line: Substring) -> String {
        guard !line.hasPrefix("  ") else { return String(line) }
        var lines = [""]
        for word in line.split(separator: " ") {
            if lines[lines.count - 1].count + word.count >= 96 { lines.append("") }
            lines[lines.count - 1] += (lines[lines.count - 1].isEmpty ? "" : " ") + word
        }
        return lines.joined(separator: "\n")
    }
}
