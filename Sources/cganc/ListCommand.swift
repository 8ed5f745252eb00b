import ArgumentParser
import Models

/// `cganc list`.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the models that come with cganc.")

    @Flag(help: "Print the names alone.")
    var names = false

    func run() {
        let width = ShippedModel.all.map(\.name.count).max() ?? 0
        for model in ShippedModel.all {
            let padding = String(repeating: " ", count: width - model.name.count)
            print(names ? model.name : "\(model.name)\(padding)  \(model.summary)")
        }
    }
}
