public import Graph

/// What is wrong with a model, written for its author: one line with the author's own numbers, the place in the file,
/// what led there, and a way out.
public struct ModelError: Error, Hashable, Codable, Sendable {
    /// Which rule is broken; `cganc explain` prints its page.
    public var code: Code
    /// One lower-case line.
    public var message: String
    /// The place in the user's file, where there is one.
    public var location: SourceLocation?
    /// What led to the error, each with its own place.
    public var notes: [Note]
    /// Something to do about it, often to paste.
    public var help: String?

    /// One remark on how an error came about.
    public struct Note: Hashable, Codable, Sendable {
        /// One lower-case line.
        public var message: String
        /// The place it speaks of.
        public var location: SourceLocation?

        /// The remark `message` on `location`.
        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }
    }

    /// An error of all its parts.
    public init(
        _ code: Code, _ message: String, at location: SourceLocation? = nil, notes: [Note] = [], help: String? = nil
    ) {
        self.code = code
        self.message = message
        self.location = location
        self.notes = notes
        self.help = help
    }
}

extension ModelError: CustomStringConvertible {
    /// As a compiler prints it, so that an editor can jump there:
    ///
    ///     Model.swift:12:7: error: … [M014]
    ///     Model.swift:9:20: note: …
    ///     help: …
    public var description: String {
        var lines = ["\(location.map { "\($0): " } ?? "")error: \(message) [\(code.rawValue)]"]
        lines += notes.map { note in "\(note.location.map { "\($0): " } ?? "")note: \(note.message)" }
        if let help { lines.append("help: \(help)") }
        return lines.joined(separator: "\n")
    }
}

/// All that is wrong with a model, in the order in which it was met.
public struct ModelErrors: Error, Hashable, Codable, Sendable, CustomStringConvertible {
    /// At least one error.
    public var errors: [ModelError]
    /// What another tool, such as the Swift compiler, printed of its own accord.
    public var transcript: String?

    /// The list `errors`, after what another tool printed.
    public init(_ errors: [ModelError], transcript: String? = nil) {
        self.errors = errors
        self.transcript = transcript
    }

    /// Every error as a compiler prints it, one after the other, after the other tool's text.
    public var description: String {
        ([transcript].compactMap { $0 } + errors.map(\.description)).joined(separator: "\n")
    }
}
