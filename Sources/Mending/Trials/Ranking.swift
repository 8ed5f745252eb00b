import Compiler
public import Diagnosis
import Foundation

/// Forks in the order of how far they have recovered, beside the model as it is.
///
/// Those that have recovered stand first, by how near their samples are to the data; but those that are as near as the
/// nearest within what another seed changes are ordered by what the catalogue has to say: a single change before several,
/// and a likelier cause before others.
public struct Ranking: Sendable {
    /// What is to be mended.
    let code: DiagnosisCode?
    /// The model as it is.
    public let control: Trials.Row
    /// The mends, the best first.
    public private(set) var rows: [Trials.Row]

    /// What another seed alone changes in the distance of the same mend's samples: over nineteen faulty models, a fork and
    /// its confirmation differ by up to 9%.
    static let noise = 0.1

    /// The ranking of no mends yet.
    public init(control: Trials.Row, for code: DiagnosisCode?) {
        self.code = code
        self.control = control
        rows = []
    }

    /// Puts `row` in its place; it takes that of an earlier row of the same file.
    public mutating func add(_ row: Trials.Row) {
        rows.removeAll { $0.candidate.name == row.candidate.name }
        rows.append(row)
        let nearest = recovered.map(\.distance).min() ?? 0
        let places = rows.enumerated().map { offset, row in
            (row, Place(row, isRecovered: isRecovered(row), nearest: nearest, code: code, offset: offset))
        }
        rows = places.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// True if nothing is wrong any more with `row`.
    func isRecovered(_ row: Trials.Row) -> Bool { row.recovery.isRecovery(from: control.recovery) }

    /// How it is with `row` in a word: its verdict's code, `healthy`, or why it has not recovered all the same.
    func state(of row: Trials.Row) -> String {
        let recovery = row.recovery
        if let code = recovery.verdict.code { return code.rawValue }
        if !recovery.isJudged { return "too early" }
        if row.candidate.name == nil || isRecovered(row) { return "healthy" }
        return recovery.learns ? "goes astray" : "stands still"
    }

    /// The mends after which nothing is wrong, the best first.
    public var recovered: [Trials.Row] { rows.filter { isRecovered($0) } }

    /// The table that people are shown.
    public var text: String {
        var table = TextTable([
            ("", .right), ("mend", .left), ("verdict", .left), ("G gradient", .right), ("label effect", .right),
            ("agreement", .right), ("spread", .right), ("distance", .right),
        ])
        for (index, row) in rows.enumerated() { table.add(cells("\(index + 1)", row)) }
        table.add(cells("", control))
        return table.text
    }

    private func cells(_ place: String, _ row: Trials.Row) -> [String] {
        let recovery = row.recovery
        func number(_ value: Double?, _ digits: Int) -> String {
            value.map { TextTable.number($0, digits) } ?? "-"
        }
        let name = row.candidate.name ?? "(as it is)"
        return [
            place, row.begin == control.begin ? name : "\(name), from step \(row.begin)", state(of: row),
            recovery.gradient.map { String(format: "%.2e", $0) } ?? "-", number(recovery.labelEffect, 2),
            recovery.samples.map { TextTable.percent($0.agreement) } ?? "-", number(recovery.spread, 2),
            number(recovery.samples?.distance, 3),
        ]
    }

    /// What the columns mean, for below the table.
    public static let legend = """
        label effect and spread are parts of the spread of real images within a class; agreement is the share of samples
        whose nearest real images are of their own class; distance is the energy distance from real images, 0 where both are
        alike.
        """
}

/// Where a row stands among others.
private struct Place: Comparable {
    /// Recovered and as near as the nearest, recovered, or not.
    var group: Int
    /// How many mends it is made of; 0 beyond the first group.
    var changes = 0
    /// The place of its first mend among those that are recommended; 0 beyond the first group.
    var recommendation = 0
    var distance: Double
    var offset: Int

    init(_ row: Trials.Row, isRecovered: Bool, nearest: Double, code: DiagnosisCode?, offset: Int) {
        distance = row.distance
        self.offset = offset
        group = !isRecovered ? 2 : distance <= nearest * (1 + Ranking.noise) ? 0 : 1
        guard group == 0 else { return }
        let names = row.candidate.name?.split(separator: "+").map(String.init) ?? []
        changes = names.count
        recommendation = Mend.recommended(for: code).firstIndex { $0.name == names.first } ?? .max
    }

    static func < (a: Place, b: Place) -> Bool {
        (a.group, a.changes, a.recommendation, a.distance, a.offset)
            < (b.group, b.changes, b.recommendation, b.distance, b.offset)
    }
}

extension Trials.Row {
    /// How far its samples are from the data; infinite if there are none.
    var distance: Double { recovery.samples?.distance ?? .infinity }
}
