public import Graph

/// Several branches from the same operand, joined along the last axis (channels or features); or the one-hot label
/// joined once more, in the middle of a network.
///
///     Concatenate {
///         Branch { Conv(32, kernel: 3); ReLU() }
///         Branch { Conv(32, kernel: 5); ReLU() }
///     }
///     Concatenate(.label)
public struct Concatenate: Layer {
    /// What can be joined to an operand without branches.
    public enum Part: Sendable {
        /// The label, one-hot: as features, or as one channel for each class.
        case label
    }

    let branches: [Branch]?
    /// Where it was written.
    public let location: SourceLocation

    /// The layer that joins the results of `branches`.
    public init(
        @BranchBuilder _ branches: () -> [Branch], fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) {
        self.branches = branches()
        location = sourceLocation(fileID, line, column)
    }

    /// The layer that joins `part` to its operand.
    public init(_ part: Part, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        branches = nil
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "concatenate" }
    /// The layers of all branches.
    public var parts: [any Layer] { (branches ?? []).flatMap(\.layers) }
    /// What the user wrote.
    public var summary: String {
        branches == nil ? "Concatenate(.label)" : "Concatenate { … }"
    }

    /// The branches' results, or `x` and the label, along the last axis.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        guard let branches else {
            guard let labels = context.requireLabels(for: summary, given: x) else {
                return Tensor(mistakeIn: context.trace, guess: x.type)
            }
            return context.joinVector(oneHot(labels, classes: context.classes), to: x)
        }
        guard !branches.isEmpty else {
            return context.mistake(
                .emptyNetwork, "Concatenate has no branches", given: x, help: "write Branch { … } inside its braces")
        }
        let results = branches.map { context.apply($0.layers, to: x, next: context.next) }
        guard results.allSatisfy({ $0.node != nil }) else {
            return Tensor(mistakeIn: context.trace, guess: x.type)
        }
        let first = results[0].shape
        if let other = results.first(where: { $0.shape.dropLast() != first.dropLast() }) {
            return context.mistake(
                .layerDoesNotFit, "branches give \(Shape(first)) and \(other.type), which differ before the last axis",
                given: other, help: "let all branches keep the same height and width")
        }
        return context.trace.emit(.concatenate(axis: first.count - 1), results, "concatenate", at: location)
    }
}

/// One branch of a ``Concatenate``: layers one after the other; without layers, the operand itself.
public struct Branch {
    let layers: [any Layer]

    /// The branch of the layers in braces.
    public init(@NetworkBuilder _ layers: () -> Network) { self.layers = layers().layers }

    /// The operand as it is.
    public init() { layers = [] }
}

/// Makes a list of branches.
@resultBuilder
public enum BranchBuilder {
    /// One branch.
    public static func buildExpression(_ branch: Branch) -> [Branch] { [branch] }
    /// All branches.
    public static func buildBlock(_ parts: [Branch]...) -> [Branch] { parts.flatMap { $0 } }
    /// `if` without `else`.
    public static func buildOptional(_ part: [Branch]?) -> [Branch] { part ?? [] }
    /// The first branch of `if … else` or of a `switch`.
    public static func buildEither(first part: [Branch]) -> [Branch] { part }
    /// The other branches.
    public static func buildEither(second part: [Branch]) -> [Branch] { part }
    /// Every turn of a `for`.
    public static func buildArray(_ parts: [[Branch]]) -> [Branch] { parts.flatMap { $0 } }
}
