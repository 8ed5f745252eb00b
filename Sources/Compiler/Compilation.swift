import CGAN
import Differentiation
import Emission
import Graph
import Lowering
import Optimization

/// A program at every level of the compiler, from what the user wrote to C.
public struct Compilation: Sendable {
    /// The program as it was traced.
    public let program: Program
    /// The program with composites decomposed and every gradient written out.
    public let differentiated: Program
    /// The program after the passes.
    public let optimised: Program
    /// The program as kernels over a planned arena.
    public private(set) var lowered: LoweredProgram
    /// Gradients that are zero whatever the numbers are, with the reasons, phase by phase.
    public let findings: [ZeroFinding]
    /// What the passes have to say.
    public let remarks: [Remark]

    /// Compiles `program` down to kernels.
    ///
    /// - Parameters:
    ///   - program: as a model file yields it.
    ///   - pipeline: the passes.
    ///   - functions: plain graphs to compile besides, by name.
    /// - Throws: what differentiation, the verifier or the memory plan's checker find wrong.
    public init(
        _ program: Program, pipeline: Pipeline = .standard, functions: [(name: String, graph: Graph)] = []
    ) throws {
        try self.init(try ProgramDifferentiation(program), pipeline: pipeline, functions: functions)
    }

    /// Compiles a program that is differentiated already.
    ///
    /// - Throws: what the verifier or the memory plan's checker find wrong.
    public init(
        _ differentiation: ProgramDifferentiation, pipeline: Pipeline = .standard,
        functions: [(name: String, graph: Graph)] = []
    ) throws {
        let differentiated = differentiation.program
        var remarks = differentiation.remarks

        var optimised = differentiated
        func optimise(_ graph: Graph) throws -> Graph {
            let result = try pipeline.run(graph)
            for remark in result.remarks where !remarks.contains(remark) { remarks.append(remark) }
            return result.graph
        }
        for index in optimised.phases.indices {
            optimised.phases[index].graph = try optimise(optimised.phases[index].graph)
        }
        optimised.sampler = try optimise(optimised.sampler)
        optimised.probe = try optimised.probe.map(optimise)
        let plain = try functions.map { (name: $0.name, graph: try optimise($0.graph.expandingGradients().graph)) }

        lowered = LoweredProgram(lowering: optimised, functions: plain)
        for function in lowered.allFunctions { try function.checkPlan() }
        program = differentiation.traced
        self.differentiated = differentiated
        self.optimised = optimised
        self.findings = differentiation.findings.flatMap { $0 }
        self.remarks = remarks
    }

    /// The same program, its contractions computed as `tuning` has chosen; by the portable methods if that is nil.
    ///
    /// - Parameter leavingProducts: false to compute all of a phase's gradients before its update, as `cganc tune` measures
    ///   products without what is done beside them.
    public func tuned(by tuning: Tuning?, leavingProducts: Bool = true) -> Compilation {
        var result = self
        result.lowered.choose(by: tuning, leavingProducts: leavingProducts)
        return result
    }

    /// The C files and the manifest.
    public func emit() throws -> EmittedModel { try EmittedModel(lowered) }
}
