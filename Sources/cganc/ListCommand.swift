import ArgumentParser
import ModelLoading

/// `cganc list`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the models that come with cganc.")

    func run() {
    }
}
