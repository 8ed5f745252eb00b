import Formats
import Training

/// The numbers of the comparison as tables for other programs.
extension ArticleResults {
    /// One row for each run.
    public var runTable: CSV {
        var table = CSV(columns: ["model", "seed", "steps", "data", "verdict"] + MeasureColumn.all.map(\.name))
        for result in results {
            let measures = result.measures
            table.add(
                [
                    result.run.model.name, String(result.run.seed), String(plan.steps), plan.data,
                    measures.verdict.map { $0.code?.rawValue ?? "healthy" } ?? "",
                ] + MeasureColumn.all.map { CSV.cell($0.value(measures)) })
        }
        return table
    }

    /// What plots show, by the names that the metrics have.
    static let curves = [
        "generator.gradient.image", "gradient.norm.generator", "gradient.norm.discriminator", "logit.accuracy",
        "sigmoid.slope.fake", "label.effect.generator", "spread.class.fake", "spread.class.real",
    ]

    /// One row for each step of each run on which there is one of the plots' values.
    public var curveTable: CSV {
        var table = CSV(columns: ["model", "seed", "step"] + Self.curves)
        for result in results {
            for line in result.record.lines {
                let cells = Self.curves.map { CSV.cell(line.values[$0]) }
                table.add([result.run.model.name, String(result.run.seed), String(line.step)] + cells)
            }
        }
        return table
    }

    /// One row for each claim.
    public var claimTable: CSV {
        var table = CSV(columns: ["claim", "runs", "rule", "outcome", "numbers"])
        for judgement in judgements {
            let claim = judgement.claim
            table.add([
                claim.quote, claim.subject, claim.rule, judgement.outcome.rawValue,
                judgement.numbers.joined(separator: "; "),
            ])
        }
        return table
    }

    /// Writes `article.html` and the three tables into the plan's folder, all or none.
    ///
    /// - Returns: their paths, the page first.
    /// - Throws: `FormatError` if a sheet cannot be read or a file cannot be written.
    public func write() throws -> [String] {
        let files = [
            ("article.html", try ArticlePage(self).text()), ("claims.csv", claimTable.text),
            ("runs.csv", runTable.text),
            ("curves.csv", curveTable.text),
        ]
        try Folders.write(files.map { (name: $0.0, bytes: Array($0.1.utf8)) }, to: plan.folder)
        return files.map { "\(plan.folder)/\($0.0)" }
    }
}
