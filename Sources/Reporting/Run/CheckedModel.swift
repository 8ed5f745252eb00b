import CGAN
import Diagnosis

/// What `cganc check` says of a model's text.
struct CheckedModel {
    /// One thing that is said.
    struct Remark {
        /// `GZ010` or `M014`.
        var code: String
        /// As it is printed.
        var text: String
    }

    /// What is said, in order.
    let remarks: [Remark]
    /// The last line.
    let summary: String

    /// What is said of the model that `program` makes, beside the lines of its `source`.
    init(_ source: String?, _ program: () throws -> Program) throws {
        let lines = SourceLines { _ in source }
        do {
            let diagnosis = try Diagnosis(try program())
            remarks = diagnosis.findings.map { Remark(code: $0.code.rawValue, text: $0.text(showing: lines)) }
            summary = diagnosis.summary
        } catch let errors as ModelErrors {
            remarks = errors.errors.map { Remark(code: $0.code.rawValue, text: $0.description) }
            summary = PlotNumber.counted(errors.errors.count, "error")
        }
    }

    /// The codes, each once, in order.
    var codes: [String] {
        var codes: [String] = []
        for remark in remarks where !codes.contains(remark.code) { codes.append(remark.code) }
        return codes
    }

    /// All of it as it is printed.
    var text: String { (remarks.map(\.text) + [summary]).joined(separator: "\n\n") }
}
