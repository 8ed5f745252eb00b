/// Sums down the columns of a matrix that lies in memory, or of each of several parts of one:
/// `out[part, column] = Σ row: x[part · partStride + row · rowStride + column]`.
public struct RowSums: Hashable, Sendable {
    /// The extents.
    public var parts, rows, columns: Int
    /// Elements from a part, and from a row, to the next.
    public var partStride, rowStride: Int
    /// The first element read, and the first written.
    public var operandBase, resultBase: Int
}

extension LoopNest {
    /// The nest as plain sums of rows; nil if it is anything else.
    public var rowSums: RowSums? {
        guard reduction == .sum, reducedAxes == 1, 1...2 ~= parallelAxes, body.count == 1,
            case .load(let access, let guards) = body[0], guards.isEmpty
        else { return nil }
        let (column, row) = (parallelAxes - 1, parallelAxes)
        let (read, write) = (access.element.terms, store.element.terms)
        guard read[column] == 1, write[column] == 1 else { return nil }
        let isDivided = parallelAxes == 2
        guard !isDivided || write[0] == extents[column] else { return nil }
        return RowSums(
            parts: isDivided ? extents[0] : 1, rows: extents[row], columns: extents[column],
            partStride: isDivided ? read[0] : 0, rowStride: read[row], operandBase: access.element.base,
            resultBase: store.element.base)
    }
}
