/// Why a model could not be built or run, for the person who asked for it.
public struct NativeError: Error, CustomStringConvertible, Sendable {
    /// One line: what is wrong.
    public var message: String
    /// A way out, if there is one.
    public var help: String?

    /// Where a loss or a gradient was not finite, if that is what was wrong.
    public let nonFinite: NonFinite?

    /// An error that says `message`.
    public init(_ message: String, help: String? = nil) {
        self.message = message
        self.help = help
        nonFinite = nil
    }

    /// The error of a step that is not finite.
    init(_ nonFinite: NonFinite) {
        message = nonFinite.message
        self.nonFinite = nonFinite
    }

    /// The message, and the way out on a line of its own.
    public var description: String { message + (help.map { "\nhelp: \($0)" } ?? "") }
}
