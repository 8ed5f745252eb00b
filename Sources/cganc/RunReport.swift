import Diagnosis
import Foundation
import Training

/// What a person is told at the end of a run.
struct RunReport {
    let summary: TrainingSummary
    let folder: RunFolder
    let plannedSteps: Int
    /// The path of the page about the run, if it could be written.
    let page: String?

    var wasInterrupted: Bool { summary.wasInterrupted }

    /// The lines.
    var text: String {
        if summary.stepsHere == 0, !wasInterrupted {
            return """
                \(folder.path) has done its \(summary.step) steps already
                go on with: cganc train --resume --out \(folder.path) --steps \(summary.step + 1000)
                """
        }
        let rate = summary.seconds > 0 ? Double(summary.stepsHere) / summary.seconds : 0
        var lines = [
            String(
                format: "%d steps in %.1f s (%.2f steps/s)%@", summary.stepsHere, summary.seconds, rate,
                wasInterrupted ? "; stopped at step \(summary.step) of \(plannedSteps)" : "")
        ]
        if !summary.values.isEmpty {
            lines.append(
                summary.values.map { "\($0.name) \(String(format: "%.5g", $0.value))" }.joined(separator: ", "))
        }
        lines.append(summary.verdict.report)
        if let samples = summary.samples { lines.append("samples: \(samples)") }
        lines.append("checkpoint: \(summary.checkpoint)")
        if let page { lines.append("report: \(page)") }
        if wasInterrupted { lines.append("go on with: cganc train --resume --out \(folder.path)") }
        return lines.joined(separator: "\n")
    }
}

extension Verdict {
    /// One sentence at the end of a run.
    var report: String {
        guard let code else { return sentence }
        return "since step \(since), \(code.rawValue): \(sentence)"
    }
}
