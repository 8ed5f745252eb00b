public import Graph

/// The same elements of each example in another shape: `Reshape(7, 7, 128)` gives `[B, 7, 7, 128]`.
public struct Reshape: Layer {
    let extents: [Int]
    /// Where it was written.
    public let location: SourceLocation

    /// The layer that gives each example the shape `extents`, without the batch; one extent may be −1, and is then what
    /// the others leave.
    public init(_ extents: Int..., fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.extents = extents
        location = sourceLocation(fileID, line, column)
    }

    /// Its layers' names begin so.
    public var stem: String { "reshape" }
    /// What the user wrote.
    public var summary: String { "Reshape(\(extents.map(String.init).joined(separator: ", ")))" }

    /// `x` in the shape asked for.
    public func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        let available = x.shape.dropFirst().reduce(1, *)
        var extents = extents
        if let free = extents.firstIndex(of: -1) {
            let known = extents.reduce(1) { $1 == -1 ? $0 : $0.multipliedReportingOverflow(by: $1).partialValue }
            if known > 0, available % known == 0 { extents[free] = available / known }
        }
        let wanted = extents.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
        guard x.rank > 0, wanted == available, extents.allSatisfy({ $0 > 0 }), extents.count < 8 else {
            return context.mistake(
                .layerDoesNotFit,
                "\(summary) holds \(wanted) numbers for each example, but \(x.type) has \(available)", given: x,
                guess: extents.allSatisfy { $0 > 0 } ? [x.shape.first ?? 1] + extents : nil,
                help: "give the layer before it \(wanted) units, or change the extents")
        }
        return reshape(x, to: [x.shape[0]] + extents)
    }
}
