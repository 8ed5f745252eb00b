import CGAN
import Foundation

@testable import Mending

/// A model of the folder `Models`, with the text of its file.
struct Fixture {
    let text: ModelText
    let program: Program

    init(_ model: some ConditionalGAN, filePath: String = #filePath) throws {
        let folder = URL(fileURLWithPath: filePath).deletingLastPathComponent().appendingPathComponent("Models")
        let file = folder.appendingPathComponent("\(type(of: model)).swift")
        guard let text = ModelText(try String(contentsOf: file, encoding: .utf8)) else {
            throw CocoaError(.fileReadCorruptFile)
        }
        self.text = text
        program = try Program(model)
    }

    /// The lines that `mend` takes away and puts in, each with its sign; nil if it changes nothing.
    func change(by mend: String) -> [String]? {
        guard let mend = Mend.all.first(where: { $0.name == mend }), let changed = mend.text(of: text, program: program)
        else { return nil }
        return UnifiedDiff(of: text.text, and: changed, before: "a", after: "b").text.split(separator: "\n")
            .dropFirst(2).filter { $0.hasPrefix("-") || $0.hasPrefix("+") }
            .map { "\($0.prefix(1)) \($0.dropFirst().drop { $0 == " " })" }
    }
}
