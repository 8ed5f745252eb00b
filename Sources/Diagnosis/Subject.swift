import CGAN
import Compiler
import Differentiation
import Graph

/// A model under examination, with what several rules ask about it. Analyses are made when first asked for.
final class Subject {
    /// The model as it was traced: composites whole, gradients as they were written.
    let program: Program
    /// The model's phases, in the order of the program.
    let phases: [PhaseSubject]
    /// What the rules have found so far, each fact once.
    private(set) var findings: [Finding] = []

    init(_ program: Program, _ differentiation: ProgramDifferentiation) {
        self.program = program
        phases = program.phases.indices.map { index in
            let phase = program.phases[index]
            return PhaseSubject(
                phase: phase, differentiated: differentiation.program.phases[index].graph,
                trained: program.parameters.filter { $0.isTrained && $0.network == phase.network },
                zeros: differentiation.findings[index])
        }
    }

    /// Adds what is new; the same code at the same place in another phase is not.
    func add(_ found: [Finding]) {
        for finding in found {
            let isKnown = findings.contains {
                $0.code == finding.code && $0.location == finding.location && $0.severity == finding.severity
                    && (finding.location != nil || $0.message == finding.message)
                    && (finding.severity != .note || $0.message == finding.message)
            }
            if !isKnown { findings.append(finding) }
        }
    }

    /// True if a finding already explains why the gradient of `parameter` is zero.
    func isExplained(_ parameter: String) -> Bool { findings.contains { $0.parameters.contains(parameter) } }
}

/// One phase under examination.
final class PhaseSubject {
    /// The phase as it was traced.
    let phase: Phase
    /// Its graph with every gradient written out.
    let differentiated: Graph
    /// What it trains.
    let trained: [Parameter]
    /// Gradients that are zero because no path leads to them.
    let zeros: [ZeroFinding]

    init(phase: Phase, differentiated: Graph, trained: [Parameter], zeros: [ZeroFinding]) {
        self.phase = phase
        self.differentiated = differentiated
        self.trained = trained
        self.zeros = zeros
    }

    /// The network that the phase trains: `generator` or `discriminator`.
    var network: String { phase.network }
    /// The phase's graph as it was traced.
    var traced: Graph { phase.graph }
    /// The traced loss.
    var loss: NodeID? { traced.output("loss") }

    /// The trained parameters whose gradient is structurally zero, with the reasons.
    var zeroParameters: [(parameter: Parameter, reason: ZeroReason)] {
        trained.compactMap { parameter in
            zeros.first { $0.variable.name == parameter.name }.map { (parameter, $0.reason) }
        }
    }
}
