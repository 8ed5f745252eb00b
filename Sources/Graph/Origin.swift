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

extension Origin {
    /// The origin of values that are computed side by side: what their names have in common if that is a layer's,
    /// `discriminator.conv1` of `discriminator.conv1.real` and `discriminator.conv1.fake`; the first one's otherwise.
    public init(joining origins: [Origin]) {
        self = origins[0]
        let paths = origins.map { $0.name.split(separator: ".") }
        var common = paths[0][...]
        for path in paths { common = common.prefix(zip(common, path).prefix { $0 == $1 }.count) }
        let isNamed = common.count > 1 || paths.contains { $0.count == common.count }
        if isNamed, paths.allSatisfy({ $0.count <= common.count + 1 }) { name = common.joined(separator: ".") }
    }
}
