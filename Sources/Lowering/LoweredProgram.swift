import CGAN
import Graph

/// A whole program as kernels: all that the emitter needs.
public struct LoweredProgram: Sendable {
    /// The program, for its names and numbers.
    public var program: Program
    /// Where kept tensors lie.
    public var layout: ParameterLayout
    /// The phases in the order of the training step.
    public var phases: [LoweredPhase]
    /// Functions of the caller's tensors, the sampler among them.
    public var functions: [Function]
    /// The places of the sampler and of the watched discriminator in ``functions``.
    public var sampler, probe: Int?
    /// What the methods of the contractions were chosen by; nil for the portable choice.
    public internal(set) var tuning: Tuning?

    /// One phase with its kernels.
    public struct LoweredPhase: Sendable {
        /// Name, network, optimizer, runs.
        public var phase: Phase
        /// The kernels.
        public var function: Function
    }

    /// Lowers a program whose graphs have been differentiated and optimised.
    ///
    /// - Parameters:
    ///   - program: phases with outputs `gradient:<parameter>` for each trained parameter of the phase's network.
    ///   - functions: plain graphs to emit besides, by name.
    public init(lowering program: Program, functions plain: [(name: String, graph: Graph)] = []) {
        self.program = program
        layout = ParameterLayout(program.parameters)
        var prefixes: [String] = []
        phases = program.phases.map { phase in
            let letter = String(phase.name.prefix(1))
            let prefix = prefixes.contains(letter) ? NameTable.identifier(phase.name) : letter
            prefixes.append(prefix)
            let function = Function(
                lowering: phase.graph, name: NameTable.identifier(phase.name), prefix: prefix, kind: .phase)
            return LoweredPhase(phase: phase, function: function)
        }
        functions = plain.map { name, graph in
            let identifier = NameTable.identifier(name)
            return Function(lowering: graph, name: identifier, prefix: identifier, kind: .plain)
        }
        if !program.sampler.outputs.isEmpty {
            sampler = functions.count
            functions.append(Function(lowering: program.sampler, name: "sample", prefix: "s", kind: .plain))
        }
        if let graph = program.probe {
            probe = functions.count
            functions.append(Function(lowering: graph, name: "score", prefix: "p", kind: .plain))
        }
    }

    /// Every function with the prefix of its names, phases first.
    public var allFunctions: [Function] { phases.map(\.function) + functions }

    /// Reals of the arena, enough for whichever function runs.
    public var arenaCount: Int { (allFunctions.map(\.plan.count) + [samplerPlaces.end]).max() ?? 0 }

    /// Where in the arena, behind what the sampler itself needs, its results lie that its caller does not ask for: all
    /// but the first; and where they end.
    public var samplerPlaces: (starts: [Int], end: Int) {
        guard let sampler else { return ([], 0) }
        var end = functions[sampler].plan.count
        let starts = functions[sampler].results.dropFirst().map { result in
            defer { end += ParameterLayout.aligned(result.type.shape.count) }
            return end
        }
        return (starts, end)
    }

    /// Runs of phases in one training step.
    public var runsPerStep: Int { phases.reduce(0) { $0 + $1.phase.runs } }

    /// Multiplications and additions of one training step's contractions.
    public var contractionFLOPs: Int {
        phases.reduce(0) { sum, phase in
            sum + phase.phase.runs * phase.function.kernels.reduce(0) { $0 + $1.contractionFLOPs }
        }
    }
}
