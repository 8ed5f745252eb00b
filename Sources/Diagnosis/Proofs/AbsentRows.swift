import CGAN
import Foundation
import Graph

/// Tables that are looked up by label, whose rows get a gradient only from batches that have the label (GZ104).
struct AbsentRows: Rule {
    func findings(in subject: Subject) -> [Finding] {
        let (classes, batch) = (Double(subject.program.classes), Double(subject.program.batch))
        let absent = pow(1 - 1 / classes, batch)
        // Rarer than once in a hundred steps it is not worth a word.
        guard absent >= 0.01 else { return [] }
        let percent = absent >= 0.1 ? String(format: "%.0f%%", 100 * absent) : String(format: "%.2g%%", 100 * absent)
        return subject.phases.flatMap { phase -> [Finding] in
            phase.trained.compactMap { parameter in
                guard let leaf = phase.leaf(of: parameter),
                    phase.traced.ids.contains(where: { id in
                        let node = phase.traced[id]
                        return node.op == .gatherRows && node.inputs[0] == leaf && phase.traced[node.inputs[1]].isLabels
                    })
                else { return nil }
                return Finding(
                    .absentRows,
                    "a row of \(parameter.name) \(parameter.shape) gets no gradient in a step whose batch lacks its label: "
                        + "\(percent) of steps, with \(subject.program.batch) examples of \(subject.program.classes) classes",
                    at: parameter.location, help: "harmless; a larger batch makes it rarer")
            }
        }
    }
}
