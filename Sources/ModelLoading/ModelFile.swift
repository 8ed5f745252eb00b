import CGAN
import Foundation
import Graph

/// A user's Swift file that describes a model.
struct ModelFile {
    /// The path as the user gave it.
    let path: String
    /// The path that the program's places name: by default the file's own.
    var shownPath: String
    /// The file's text.
    let source: [UInt8]

    /// The largest file that is taken for a model, in bytes.
    static let limit = 1 << 20

    /// Reads the file at `path`.
    ///
    /// - Throws: `ModelErrors` if it cannot be read, or does not mark its model with `@main`.
    init(_ path: String) throws {
        self.path = path
        shownPath = path
        source = try readFile(path, limit: Self.limit)
        try checkMain()
    }

    /// Without `@main` the linker would complain in its own words; say it in ours, with the place.
    private func checkMain() throws {
        let lines = String(decoding: source, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let code = lines.map { $0.prefix(upTo: $0.range(of: "//")?.lowerBound ?? $0.endIndex) }
        if code.contains(where: { $0.contains("@main") }) { return }
        for (index, line) in code.enumerated() where line.contains("ConditionalGAN") {
            let text = line.drop { $0.isWhitespace }
            let place = SourceLocation(file: path, line: index + 1, column: line.count - text.count + 1)
            var head = text.prefix { $0 != "{" }
            while head.last?.isWhitespace ?? false { head.removeLast() }
            throw ModelErrors([
                ModelError(
                    .mainMissing, "the model is not marked with @main", at: place, help: "write @main \(head) {")
            ])
        }
        throw ModelErrors([
            ModelError(
                .mainMissing, "\(path) describes no model",
                help: "write @main struct MyModel: ConditionalGAN { … }, or begin with: cganc init MyModel")
        ])
    }
}
