import ArgumentParser
import ModelLoading

/// `cganc init NAME`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "init", abstract: "Write a model file to begin with.")
}
