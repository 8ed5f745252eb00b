import Foundation

/// Fixed text, kept as readable files beside this one: the C that every emitted model contains, and the frame of pages.
public enum Templates {
    /// The text of `c/<name>`.
    ///
    /// - Parameter name: a file's name, for example `random.c`.
    public static func text(_ name: String) -> String { text(name, in: "c") }

    /// The text of `html/<name>`.
    ///
    /// - Parameter name: a file's name, for example `style.css`.
    public static func page(_ name: String) -> String { text(name, in: "html") }

    private static func text(_ name: String, in folder: String) -> String {
        let url = Bundle.module.resourceURL!.appendingPathComponent(folder).appendingPathComponent(name)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            fatalError("template \(name) is missing from the installation at \(url.path)")
        }
        return text
    }
}
