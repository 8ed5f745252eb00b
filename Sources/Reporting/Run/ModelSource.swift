import CGAN
import Foundation
import Models
import Training

/// The text of the model that a run trains, as far as it can still be had.
public struct ModelSource: Sendable {
    /// The file's name.
    public var name: String
    /// The file's text.
    public var text: String

    /// The text of all its parts.
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }

    /// The text that the run keeps, else that of the shipped model, else that of the user's file as it now is.
    public init?(of program: Program, in folder: RunFolder) {
        if let text = Self.read(folder.modelPath) {
            self.init(name: "model.swift", text: text)
        } else if program.file == nil, let shipped = ShippedModel.named(program.name) {
            self.init(name: shipped.name, text: shipped.source)
        } else if let file = program.file, file.hasSuffix(".swift"), let text = Self.read(file) {
            self.init(name: file, text: text)
        } else {
            return nil
        }
    }

    /// At most 1 MiB: the path may come from a saved program of a stranger's.
    private static func read(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: 1 << 20) else {
            return nil
        }
        return String(decoding: data, as: UTF8.self)
    }
}
