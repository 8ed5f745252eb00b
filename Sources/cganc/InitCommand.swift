import ArgumentParser
import CGAN
import Foundation
import ModelLoading

/// `cganc init NAME`.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write a model file that compiles and trains as it is, to be changed.")

    @Argument(help: "The model's name, such as my-model; it is written to MyModel.swift.")
    var name: String

    @Option(help: ArgumentHelp("Begin with a shipped model's networks and settings.", valueName: "MODEL"))
    var from: String?

    func run() throws {
        let text = try text()
        let path = try ModelTemplate.fileName(name: name)
        // Never over a file that is there: the model in it may be a day's work.
        do {
            try Data(text.utf8).write(
                to: URL(fileURLWithPath: path), options: .withoutOverwriting)
        } catch let error as CocoaError {
            throw ModelErrors([
                ModelError(
                    .fileUnreadable, "\(path) cannot be written: \(error.localizedDescription)",
                    help: "choose another name or another folder")
            ])
        }
        print("wrote \(path)\ntrain it with: cganc train \(path)")
    }
    private func text() throws -> String {
        guard let from else { return try ModelTemplate.text(name: name) }
        return try ModelTemplate.text(name: name, from: try ModelLoader.shipped(from))
    }
}
