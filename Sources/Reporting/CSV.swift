/// Rows of texts and numbers, separated by commas (RFC 4180).
public struct CSV: Equatable, Sendable {
    /// What stands in the first row.
    public let columns: [String]
    /// The rows below it, each as long as ``columns``.
    public private(set) var rows: [[String]] = []

    /// An empty table of `columns`.
    public init(columns: [String]) { self.columns = columns }

    /// Adds a row.
    ///
    /// - Requires: a cell for each column.
    public mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "\(cells.count) cells for \(columns.count) columns")
        rows.append(cells)
    }

    /// `value` with as many digits as tell it from every other number; empty where there is none.
    public static func cell(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "" }
        return value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
    }

    /// The file's text, one row a line.
    public var text: String {
        ([columns] + rows).map { $0.map(Self.quoted).joined(separator: ",") + "\n" }.joined()
    }

    private static func quoted(_ cell: String) -> String {
        let needsQuotes = cell.utf8.contains { "\",\n\r".utf8.contains($0) }
        return needsQuotes ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
    }

    /// The table that `text` holds; nil if a quote is not closed or a row is not as long as the first.
    public init?(parsing text: String) {
        var rows: [[String]] = []
        var row: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        var bytes = text.utf8.makeIterator()
        var pending: UInt8?
        func ended(_ cell: [UInt8]) -> String { String(decoding: cell, as: UTF8.self) }
        while let byte = pending ?? bytes.next() {
            pending = nil
            switch byte {
            case UInt8(ascii: "\"") where isQuoted:
                // Two quotes are one that belongs to the text.
                pending = bytes.next()
                if pending == UInt8(ascii: "\"") {
                    cell.append(byte)
                    pending = nil
                } else {
                    isQuoted = false
                }
            case UInt8(ascii: "\""): isQuoted = true
            case UInt8(ascii: ",") where !isQuoted:
                row.append(ended(cell))
                cell = []
            case UInt8(ascii: "\n") where !isQuoted:
                rows.append(row + [ended(cell)])
                (row, cell) = ([], [])
            case UInt8(ascii: "\r") where !isQuoted: continue
            default: cell.append(byte)
            }
        }
        guard !isQuoted else { return nil }
        if !row.isEmpty || !cell.isEmpty { rows.append(row + [ended(cell)]) }
        guard let first = rows.first, rows.allSatisfy({ $0.count == first.count }) else { return nil }
        columns = first
        self.rows = Array(rows.dropFirst())
    }
}
