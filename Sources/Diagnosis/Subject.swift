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

    init(_ differentiation: ProgramDifferentiation) {
        let program = differentiation.traced
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
            let known = findings.firstIndex {
                $0.code == finding.code && $0.location == finding.location && $0.severity == finding.severity
                    && (finding.location != nil || $0.message == finding.message)
                    && (finding.severity != .note || $0.message == finding.message)
            }
            if let known {
                for name in finding.parameters where !findings[known].parameters.contains(name) {
                    findings[known].parameters.append(name)
                }
            } else {
                findings.append(finding)
            }
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
            zeros.proof(of: parameter.name, in: differentiated).map { (parameter, $0) }
        }
    }

    /// The algebra of the traced graph as a derivative sees it.
    private(set) lazy var forms = TracedForms(traced, freezing: true)

    /// The trained parameters to which paths lead, but whose gradient is zero because what they carry cancels.
    private(set) lazy var cancellingParameters: [Parameter] = {
        guard let loss else { return [] }
        let structural = Set(zeroParameters.map(\.parameter.name))
        return trained.filter { parameter in
            guard !structural.contains(parameter.name), let leaf = leaf(of: parameter) else { return false }
            return !forms.depends(loss, on: leaf)
        }
    }()

    /// True if the whole gradient of the network is zero, for whatever reasons.
    var isWithoutGradient: Bool {
        !trained.isEmpty && zeroParameters.count + cancellingParameters.count == trained.count
    }

    /// The names of cancelling parameters that the traced node `id` is computed from.
    private func cancelling(behind id: NodeID) -> [String] {
        guard !cancellingParameters.isEmpty else { return [] }
        let cone = traced.cone(of: id)
        return cancellingParameters.filter { parameter in leaf(of: parameter).map { cone[$0.index] } ?? false }.map(
            \.name)
    }

    /// True if another parameter of the same layer has a gradient, so that only a shift of what it gives is lost.
    func learnsBeside(_ parameter: Parameter) -> Bool {
        let layer = parameter.name.prefix(upTo: parameter.name.lastIndex(of: ".") ?? parameter.name.endIndex)
        let still = zeroParameters.map(\.parameter.name) + cancellingParameters.map(\.name)
        return trained.contains { $0.name.hasPrefix("\(layer).") && !still.contains($0.name) }
    }

    /// The traced leaf of a parameter.
    func leaf(of parameter: Parameter) -> NodeID? {
        traced.ids.first { traced[$0].op == .parameter(name: parameter.name, parameter.shape) }
    }

    /// The names of cancelling parameters that meet the label and nothing else.
    var cancellingBesideLabels: [String] {
        guard let labels = traced.ids.first(where: { traced[$0].isLabels }) else { return [] }
        let isLabelOnly = traced.labelOnly(labels)
        var names: [String] = []
        for id in traced.ids where isLabelOnly[id.index] {
            for name in cancelling(behind: id) where !names.contains(name) { names.append(name) }
        }
        return names
    }
}
