import Graph

/// Why no gradient passes from a node to one of its operands.
public enum CutReason: Hashable, Sendable, CustomStringConvertible {
    /// The user stopped it.
    case stopGradient
    /// The function named is piecewise constant: its derivative is 0 wherever it has one.
    case piecewiseConstant(String)
    /// A comparison yields 1 or 0.
    case comparison(String)
    /// The condition of a selection.
    case condition
    /// A position is a whole number.
    case position
    /// The other factor is the number 0.
    case zeroFactor

    /// The reason as the end of a sentence.
    public var description: String {
        switch self {
        case .stopGradient: "the gradient is stopped here"
        case .piecewiseConstant(let name): "\(name) is piecewise constant"
        case .comparison(let name): "\(name) is a comparison"
        case .condition: "it only decides which value is selected"
        case .position: "it only decides which element is used"
        case .zeroFactor: "it is multiplied by 0"
        }
    }
}

/// An edge of a graph through which no gradient passes.
public struct CutEdge: Hashable, Sendable, CustomStringConvertible {
    /// The node that uses `input`.
    public var user: NodeID
    /// The operand that gets no gradient.
    public var input: NodeID
    /// Where the user comes from.
    public var userOrigin: Origin
    /// Where the operand comes from.
    public var inputOrigin: Origin
    /// Why nothing passes.
    public var reason: CutReason

    /// Both ends and the reason on one line.
    public var description: String { "from \(userOrigin.name) to \(inputOrigin.name): \(reason)" }
}

/// The proof that a gradient is zero whatever the numbers are.
public enum ZeroReason: Hashable, Sendable, CustomStringConvertible {
    /// The result does not depend on the node at all.
    case unreachable
    /// Every path to the result runs through one of these edges, in the order of the graph.
    case cut([CutEdge])

    /// The reason, or all cut edges, on one line.
    public var description: String {
        switch self {
        case .unreachable: "the result does not depend on it"
        case .cut(let edges): edges.map(\.description).joined(separator: "; ")
        }
    }
}

/// A gradient: a node, or zero with the reason.
public enum GradientResult: Hashable, Sendable {
    case node(NodeID)
    case zero(ZeroReason)
}

/// A gradient that was asked for and is zero whatever the numbers are.
public struct ZeroFinding: Hashable, Sendable, CustomStringConvertible {
    /// What was differentiated.
    public var result: Origin
    /// With respect to what.
    public var variable: Origin
    /// The proof.
    public var reason: ZeroReason

    /// One sentence.
    public var description: String {
        "the gradient of \(result.name) with respect to \(variable.name) is zero: \(reason)"
    }
}
