/// A position in a user's file.
public struct SourceLocation: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The file's path as the compiler was given it.
    public var file: String
    /// Counted from 1.
    public var line, column: Int

    /// The position `line:column` of `file`.
    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `file:line:column`, as editors read it.
    public var description: String { "\(file):\(line):\(column)" }
}

/// Where a node comes from: what the emitted names, the comments and every diagnosis are made of.
public struct Origin: Hashable, Codable, Sendable {
    /// The dotted name of the layer or expression, for example `discriminator.conv1`.
    public var name: String
    /// The place in the user's file, where there is one.
    public var location: SourceLocation?
    /// How many times the node was differentiated: 0 forward, 1 a gradient, 2 the gradient of a gradient.
    public var order: Int

    /// An origin called `name` at `location`.
    public init(_ name: String, at location: SourceLocation? = nil, order: Int = 0) {
        self.name = name
        self.location = location
        self.order = order
    }
}
