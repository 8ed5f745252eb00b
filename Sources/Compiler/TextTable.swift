import Foundation

/// Rows of cells in columns, for a terminal.
public struct TextTable {
    /// How a column's cells stand.
    public enum Alignment: Sendable { case left, right }

    private let alignments: [Alignment]
    private var rows: [[String]] = []

    /// An empty table with a heading over each column.
    public init(_ columns: [(heading: String, alignment: Alignment)]) {
        alignments = columns.map(\.alignment)
        rows = [columns.map(\.heading)]
    }

    /// Adds a row, which may have fewer cells than there are columns.
    public mutating func add(_ cells: [String]) { rows.append(cells) }

    /// The lines, each indented by two blanks.
    public var text: String {
        let widths = alignments.indices.map { column in
            rows.map { $0.indices.contains(column) ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                line += "  " + (alignments[column] == .left ? cell + padding : padding + cell)
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }

    /// `value` with `digits` decimals.
    public static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    /// `share` of a whole in per cent.
    public static func percent(_ share: Double) -> String { number(share * 100, 1) + "%" }
}
