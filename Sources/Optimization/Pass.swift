import Graph

/// One rewriting of a graph without composites and gradients into one with the same outputs.
public struct Pass: Sendable {
    /// What it is called in `--show` and `--disable`: lower-case with hyphens.
    public let name: String
    private let body: @Sendable (Graph, inout Remarks) -> Graph

    /// The pass `name`, which does `body`.
    init(_ name: String, _ body: @escaping @Sendable (Graph, inout Remarks) -> Graph) {
        self.name = name
        self.body = body
    }

    /// The pass `name`, which replaces each node by what `rule` builds for it, or keeps it where that is nil.
    init(_ name: String, rule: @escaping @Sendable (inout Builder, Node) -> NodeID?) {
        self.init(name) { graph, _ in graph.rebuilt(rule) }
    }

    /// The rewritten graph; nodes that no output depends on are left out.
    ///
    /// - Parameter remarks: gets what the pass has to say to the user.
    public func run(_ graph: Graph, _ remarks: inout Remarks) -> Graph {
        body(graph, &remarks).rebuilt { _, _ in nil }
    }

    /// The rewritten graph, without remarks.
    public func run(_ graph: Graph) -> Graph {
        var remarks = Remarks()
        return run(graph, &remarks)
    }
}

/// Something that a pass did and a user may want to know.
public struct Remark: Hashable, Sendable, CustomStringConvertible {
    /// The pass.
    public let pass: String
    /// The name of the node that was rewritten, and its place in the user's file.
    public let name: String, location: SourceLocation?
    /// What was done, and why.
    public let message: String

    /// What `pass` did to a node of `origin`; the same for the node's gradients, which are rewritten like it.
    public init(pass: String, origin: Origin, message: String) {
        self.pass = pass
        name = origin.name
        location = origin.location
        self.message = message
    }

    /// The place, the node and the message on one line, in the form of a compiler's note.
    public var description: String { "\(location.map { "\($0): " } ?? "")note: \(name): \(message)" }
}

/// The remarks of a run, each once, in the order in which they were made.
public struct Remarks: Sendable {
    /// The remarks.
    public private(set) var all: [Remark] = []

    /// No remarks.
    public init() {}

    /// Adds `remark` unless it was made before.
    mutating func add(_ remark: Remark) {
        if !all.contains(remark) { all.append(remark) }
    }
}
