import ArgumentParser
import CGAN
import Training

/// `cganc explain CODE`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Explain an error by the code that stands after it.")

    @Argument(help: "The code, such as M014. (default: all of them, one line each)")
    var code: String?

    func run() throws {
        guard let code else {
            for code in ModelError.Code.allCases { print(Self.title(of: code.rawValue)) }
            return
        }
        guard let page = ModelError.explanation(code) else {
            throw TrainingError("there is no error \(code)", help: "`cganc explain` lists all codes")
        }
        print(page.split(separator: "\n", omittingEmptySubsequences: false).map(Self.wrapped).joined(separator: "\n"))
    }

    /// The first line of a page.
    private static func title(of code: String) -> Substring {
        ModelError.explanation(code)?.prefix { $0 != "\n" } ?? ""
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
