import ArgumentParser
import CGAN

/// `cganc explain CODE`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "explain", abstract: "Explain an error by its code.")
}
