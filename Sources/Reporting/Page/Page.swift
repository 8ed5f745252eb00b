import Mustache
import Templates

/// A page of HTML in one file: style and pictures are inside it, nothing is loaded, nothing is run.
public struct Page {
    /// A part of a page below a heading.
    public struct Section {
        /// What the contents link to: lower-case letters, digits and hyphens.
        var anchor: String
        var heading: String
        var body: HTML

        /// The section `heading` with `body` below it.
        public init(_ heading: String, anchor: String, _ body: HTML) {
            self.heading = heading
            self.anchor = anchor
            self.body = body
        }
    }

    private let title: String
    private let lead: HTML
    private let sections: [Section]

    /// A page of sections below `lead`, what a hurried reader has to know.
    public init(title: String, lead: HTML, sections: [Section]) {
        self.title = title
        self.lead = lead
        self.sections = sections
    }

    /// The file's text: the template `html/page.mustache`, filled.
    ///
    /// - Throws: what is wrong with the template.
    public func text() throws -> String {
        try MustacheTemplate(string: Templates.page("page.mustache")).render([
            "title": title, "style": Templates.page("style.css"), "lead": lead.text,
            "sections": sections.map { ["anchor": $0.anchor, "heading": $0.heading, "body": $0.body.text] },
        ])
    }
}
