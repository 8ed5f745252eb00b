import Formats
import Mending
import Testing

@testable import Reporting

@Suite struct PageTests {
    @Test("interpolated text is escaped, markup is not")
    func escaping() {
        let name = "<b>&'\"</b>"
        let markup: HTML = "<i>\(name)</i>"
        #expect(markup.text == "<i>&lt;b&gt;&amp;&#39;&quot;&lt;/b&gt;</i>")
        let outer: HTML = "<p>\(markup) \(3)</p>"
        #expect(outer.text == "<p>\(markup.text) 3</p>")
    }

    @Test("a page loads nothing and runs nothing: no script, no source but its own data, no link but within itself")
    func isSelfContained() throws {
        let image = PNGImage(width: 2, height: 1, channels: 1, pixels: [0, 255])
        let plot = LinePlot("p", [Series("a", [.init(0, 1), .init(1, 2)], colour: 0)])
        let page = try Page(
            title: "a & b", lead: "<p>lead</p>",
            sections: [.init("one", anchor: "one", EmbeddedImage(image, caption: "x").html + plot.svg)]
        ).text()
        expectSelfContained(page)
        #expect(page.contains("<title>a &amp; b</title>"))
        #expect(page.contains("data:image/png;base64,"))
        #expect(page.contains("prefers-color-scheme: dark"))
    }

    @Test("a table has a cell for each column, and headings over all of them")
    func table() {
        var table = HTMLTable([("a", .left), ("b", .right)])
        table.add(heading: "group")
        table.add(["x"])
        let html = table.html.text
        #expect(html.contains("<th class=\"group\" colspan=\"2\">group</th>"))
        #expect(html.contains("<tr><td>x</td><td class=\"number\"></td></tr>"))
    }

    @Test(
        "CSV that is written is read back as it was",
        arguments: ["plain", "a,b", "say \"no\"", "two\nlines", "", "é — ½"])
    func csv(cell: String) throws {
        var table = CSV(columns: ["a", "b,c"])
        table.add([cell, CSV.cell(0.1 + 0.2)])
        table.add(["next", CSV.cell(nil)])
        let read = try #require(CSV(parsing: table.text))
        #expect(read == table)
        #expect(Double(read.rows[0][1]) == 0.1 + 0.2)
    }

    @Test("CSV of uneven rows or an open quote is refused")
    func badCSV() {
        #expect(CSV(parsing: "a,b\n1\n") == nil)
        #expect(CSV(parsing: "a\n\"open\n") == nil)
    }

    @Test("a diff keeps what both texts have, and shows what changes")
    func diff() {
        let diff = LineDiff(from: "a\nb\nc\nd\n", to: "a\nB\nc\nd\ne\n")
        #expect(diff.lines == [.kept("a"), .gone("b"), .new("B"), .kept("c"), .kept("d"), .new("e")])
        #expect(diff.html.text.contains("<span class=\"gone\">- b</span>"))
    }

    @Test(
        "numbers are as short as they can be read",
        arguments: [
            (0.0, "0"), (2, "2"), (0.5, "0.5"), (0.031234, "0.0312"), (12.345, "12.3"), (1234.5, "1234"),
            (2.1e-7, "2.1e-7"),
        ])
    func numbers(value: Double, text: String) {
        #expect(PlotNumber.text(value) == text)
    }
}

/// Expects that `page` needs nothing but itself.
func expectSelfContained(_ page: String) {
    for word in ["<script", "<link", "@import", "url(", "<iframe", "http:", "https:"] {
        #expect(!page.contains(word), "\(word)")
    }
    for part in page.split(separator: "src=\"").dropFirst() { #expect(part.hasPrefix("data:image/png;base64,")) }
    for part in page.split(separator: "href=\"").dropFirst() { #expect(part.hasPrefix("#")) }
}
