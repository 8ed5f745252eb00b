/// Why a model could not be built or run, for the person who asked for it.
public struct NativeError: Error, CustomStringConvertible, Sendable {
    /// One line: what is wrong.
    public var message: String
    /// A way out, if there is one.
    public var help: String?

    /// True if a loss or a gradient was not finite; the message then names the phase.
    public var isNonFinite: Bool

    /// An error that says `message`.
    public init(_ message: String, help: String? = nil, isNonFinite: Bool = false) {
        self.message = message
        self.help = help
        self.isNonFinite = isNonFinite
    }

    /// The message, and the way out on a line of its own.
    public var description: String { message + (help.map { "\nhelp: \($0)" } ?? "") }
}
