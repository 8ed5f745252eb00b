import CGAN
import Differentiation
import Graph
import Optimization

/// A program with every gradient written out, and what was found on the way.
public struct ProgramDifferentiation: Sendable {
    /// The program as it was traced.
    public let traced: Program
    /// The program with composites decomposed, gradients written out, and one output `gradient:<parameter>` in each phase
    /// for every trained parameter of the network that the phase updates.
    public let program: Program
    /// For each phase, the gradients that are zero whatever the numbers are; node numbers are of that phase's graph in
    /// ``program``.
    public let findings: [[ZeroFinding]]
    /// What was rewritten before differentiation.
    public let remarks: [Remark]

    /// Differentiates every phase of `program`.
    ///
    /// - Throws: `DifferentiationError` when a phase has no scalar `loss`.
    public init(_ program: Program) throws {
        var differentiated = program
        var findings: [[ZeroFinding]] = []
        // Before differentiation, so that gradients too are those of the stable form.
        var rewritten = Remarks()
        for index in program.phases.indices {
            let phase = program.phases[index]
            let trained = program.parameters.filter { $0.isTrained && $0.network == phase.network }
            let stable = stabilityRewrites.run(phase.graph, &rewritten)
            let result = try stable.appendingGradients(
                of: "loss", wrt: trained.map { (name: $0.name, shape: $0.shape) })
            differentiated.phases[index].graph = result.graph
            findings.append(result.findings)
        }
        differentiated.sampler = program.sampler.expandingGradients().graph
        differentiated.probe = program.probe?.expandingGradients().graph
        traced = program
        self.program = differentiated
        self.findings = findings
        remarks = rewritten.all
    }
}
