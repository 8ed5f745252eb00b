/// What is wrong with a file, where in it, and a way out.
///
/// It prints as one line `path: error: message (at byte N)`, then a line for each note and for the help.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file or folder, as the user named it.
    public var path: String
    /// The byte of the (decompressed) content at which the fault was seen; nil when the fault has no place.
    public var offset: Int?
    /// What is wrong: lower case, one line, with the user's own numbers.
    public var message: String
    /// What was looked for, what was found: one line each.
    public var notes: [String]
    /// What to do about it.
    public var help: String?

    /// Creates an error about the file at `path`.
    public init(path: String, offset: Int? = nil, _ message: String, notes: [String] = [], help: String? = nil) {
        self.path = path
        self.offset = offset
        self.message = message
        self.notes = notes
        self.help = help
    }

    /// The lines a person reads.
    public var description: String {
        var text = "\(path): error: \(message)"
        if let offset { text += " (at byte \(offset))" }
        for note in notes { text += "\nnote: \(note)" }
        if let help { text += "\nhelp: \(help)" }
        return text
    }
}
