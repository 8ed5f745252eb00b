/// Why a run cannot start, go on, or be read, for the person who asked for it.
public struct TrainingError: Error, Equatable, CustomStringConvertible, Sendable {
    /// One lower-case line: what is wrong.
    public var message: String
    /// What differs, what is left: one line each.
    public var notes: [String]
    /// A way out, if there is one.
    public var help: String?

    /// An error that says `message`.
    public init(_ message: String, notes: [String] = [], help: String? = nil) {
        self.message = message
        self.notes = notes
        self.help = help
    }

    /// The lines a person reads.
    public var description: String {
        var lines = ["error: \(message)"]
        lines += notes.map { "note: \($0)" }
        if let help { lines.append("help: \(help)") }
        return lines.joined(separator: "\n")
    }
}
