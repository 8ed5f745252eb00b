import Foundation

/// The fixed C text that every emitted model contains, kept as readable C files beside this one.
public enum Templates {
    /// The text of `c/<name>`.
    ///
    /// - Parameter name: a file's name, for example `random.c`.
    public static func text(_ name: String) -> String {
        let url = Bundle.module.resourceURL!.appendingPathComponent("c").appendingPathComponent(name)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else {
            fatalError("template \(name) is missing from the installation at \(url.path)")
        }
        return text
    }
}
