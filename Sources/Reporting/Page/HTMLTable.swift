/// Rows of cells below headings.
public struct HTMLTable {
    /// How a column's cells stand.
    public enum Alignment: Sendable { case left, right }

    private let columns: [(heading: HTML, alignment: Alignment)]
    private var rows: [(cells: [HTML], isHeading: Bool)] = []

    /// An empty table with a heading over each column.
    public init(_ columns: [(heading: HTML, alignment: Alignment)]) { self.columns = columns }

    /// Adds a row; cells that it lacks stay empty.
    public mutating func add(_ cells: [HTML]) { rows.append((cells, false)) }

    /// Adds a row of one cell over all columns, a heading of the rows below it.
    public mutating func add(heading: HTML) { rows.append(([heading], true)) }

    /// The table.
    public var html: HTML {
        let head = columns.map { column -> HTML in "<th\(Self.mark(column.alignment))>\(column.heading)</th>" }
        let body = rows.map { row -> HTML in
            if row.isHeading { return "<tr><th class=\"group\" colspan=\"\(columns.count)\">\(row.cells[0])</th></tr>" }
            let cells = columns.indices.map { index -> HTML in
                let cell = row.cells.indices.contains(index) ? row.cells[index] : .nothing
                return "<td\(Self.mark(columns[index].alignment))>\(cell)</td>"
            }
            return "<tr>\(cells.joined(separator: ""))</tr>"
        }
        return """
            <div class="scroll"><table>
            <thead><tr>\(head.joined(separator: ""))</tr></thead>
            <tbody>
            \(body.joined())
            </tbody></table></div>
            """
    }

    private static func mark(_ alignment: Alignment) -> HTML { alignment == .right ? " class=\"number\"" : .nothing }
}
