/// A node's place in its graph.
public struct NodeID: Hashable, Codable, Comparable, Sendable, CustomStringConvertible {
    /// The index in ``Graph/nodes``.
    public let index: Int

    /// The node at `index`.
    public init(_ index: Int) { self.index = index }

    /// True if `a` stands before `b`.
    public static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }

    /// The place as it is printed in graphs: `%7`.
    public var description: String { "%\(index)" }

    /// Reads the index alone.
    public init(from decoder: any Decoder) throws {
        index = try decoder.singleValueContainer().decode(Int.self)
    }

    /// Writes the index alone.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(index)
    }
}

/// One operation applied to earlier nodes.
public struct Node: Hashable, Codable, Sendable {
    /// What is computed.
    public var op: Op
    /// The operands, all earlier in the graph.
    public var inputs: [NodeID]
    /// The result's type, as shape inference gives it.
    public var type: TensorType
    /// Where it comes from.
    public var origin: Origin

    /// The result's shape.
    public var shape: Shape { type.shape }
}

/// A named result of a graph.
public struct Output: Hashable, Codable, Sendable {
    /// What the result is: `loss`, a tracked value, `gradient:<parameter>`, `state:<parameter>`.
    public var name: String
    /// The node that computes it.
    public var node: NodeID

    /// The result `name`, computed by `node`.
    public init(_ name: String, _ node: NodeID) {
        self.name = name
        self.node = node
    }
}

/// An append-only sequence of nodes in which every node stands after its inputs and no two nodes are alike
/// (hash-consed on operation and inputs).
public struct Graph: Sendable {
    /// The nodes in an order of evaluation.
    public private(set) var nodes: [Node] = []
    /// The results, in the order in which they are reported.
    public var outputs: [Output] = []
    private var interned: [Key: NodeID] = [:]

    private struct Key: Hashable {
        var op: Op
        var inputs: [NodeID]
    }

    /// An empty graph.
    public init() {}

    /// The node `id`.
    public subscript(id: NodeID) -> Node { nodes[id.index] }

    /// All nodes' places, in order.
    public var ids: [NodeID] { nodes.indices.map { NodeID($0) } }

    /// The node called for, appended unless an equal one exists.
    ///
    /// - Parameters:
    ///   - op: what is computed.
    ///   - inputs: its operands.
    ///   - origin: where it comes from; an existing node keeps its own.
    /// - Throws: ``ShapeError`` when the operands do not fit.
    @discardableResult
    public mutating func add(_ op: Op, _ inputs: [NodeID] = [], origin: Origin) throws(ShapeError) -> NodeID {
        let key = Key(op: op, inputs: inputs)
        if let existing = interned[key] { return existing }
        let type = try inferType(of: op, inputs.map { nodes[$0.index].type })
        guard type.shape.isPossible else { throw ShapeError("\(op.name) would give \(type), more than 2^34 elements") }
        let id = NodeID(nodes.count)
        nodes.append(Node(op: op, inputs: inputs, type: type, origin: origin))
        interned[key] = id
        return id
    }

    /// The same as ``add(_:_:origin:)`` for a caller that knows the operands to fit, as every pass does.
    ///
    /// - Precondition: the operands fit.
    @discardableResult
    public mutating func append(_ op: Op, _ inputs: [NodeID] = [], origin: Origin) -> NodeID {
        do {
            return try add(op, inputs, origin: origin)
        } catch {
            preconditionFailure("a pass built an ill-typed node (\(origin.name)): \(error.message)")
        }
    }

    /// The node that computes output `name`.
    public func output(_ name: String) -> NodeID? { outputs.first { $0.name == name }?.node }

    /// For each node, the nodes that use it, in order.
    public func users() -> [[NodeID]] {
        var users = [[NodeID]](repeating: [], count: nodes.count)
        for id in ids {
            for input in self[id].inputs where users[input.index].last != id { users[input.index].append(id) }
        }
        return users
    }
}

extension Graph: Codable {
    private enum CodingKeys: String, CodingKey { case nodes, outputs }

    /// Reads nodes and outputs, inferring every type anew, so that a file cannot claim a shape that does not follow.
    public init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: CodingKeys.self)
        for node in try container.decode([Node].self, forKey: .nodes) {
            guard node.inputs.allSatisfy({ $0.index >= 0 && $0.index < nodes.count }) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .nodes, in: container,
                    debugDescription: "node \(nodes.count) uses a node that does not stand before it")
            }
            let id: NodeID
            do { id = try add(node.op, node.inputs, origin: node.origin) } catch {
                throw DecodingError.dataCorruptedError(
                    forKey: .nodes, in: container, debugDescription: "node \(nodes.count): \(error.message)")
            }
            guard id.index == nodes.count - 1, self[id].type == node.type else {
                throw DecodingError.dataCorruptedError(
                    forKey: .nodes, in: container,
                    debugDescription: "node \(id.index) is repeated or claims a type that does not follow")
            }
        }
        outputs = try container.decode([Output].self, forKey: .outputs)
        guard outputs.allSatisfy({ $0.node.index >= 0 && $0.node.index < nodes.count }) else {
            throw DecodingError.dataCorruptedError(
                forKey: .outputs, in: container, debugDescription: "an output names a node that does not exist")
        }
    }

    /// Writes nodes and outputs.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(nodes, forKey: .nodes)
        try container.encode(outputs, forKey: .outputs)
    }
}
