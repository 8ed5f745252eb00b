import CGAN
import Graph
import Lowering

/// The levels of the compiler that can be printed.
public enum Level: String, CaseIterable, Sendable {
    /// The graphs as traced, with composites and gradients.
    case graph
    /// With every gradient written out.
    case backward
    /// After the passes.
    case optimised
    /// The kernels in the order in which they run.
    case kernels
    /// Where every tensor lies in the arena, and from when to when.
    case plan
    /// The emitted C.
    case c
}

extension Compilation {
    /// The text of a level.
    public func text(of level: Level) throws -> String {
        switch level {
        case .graph: program.graphText
        case .backward: differentiated.graphText
        case .optimised: optimised.graphText
        case .kernels: lowered.allFunctions.map(\.kernelText).joined(separator: "\n")
        case .plan: lowered.allFunctions.map(\.planText).joined(separator: "\n")
        case .c: try emit().source
        }
    }
}

extension Program {
    /// The graphs of its phases and of its sampler as text.
    public var graphText: String {
        var text = ""
        for phase in phases { text += "phase \(phase.name)\n\(phase.graph)\n" }
        return text + "sampler\n\(sampler)"
    }
}
