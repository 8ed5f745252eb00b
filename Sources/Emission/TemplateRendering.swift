import Mustache
import Templates

/// Fills the templates whose names end in `.mustache`.
package enum TemplateRendering {
    /// The text of `template` with `values` in its places.
    ///
    /// - Throws: what is wrong with the template.
    package static func render(_ template: String, _ values: [String: Any]) throws -> String {
        try MustacheTemplate(string: Templates.text(template)).render(values)
    }
}
