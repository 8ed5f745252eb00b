import CGAN
public import Compiler
import Differentiation
import Graph

/// What is known of one parameter's gradient before any numbers are.
public struct GradientFact: Sendable {
    /// The parameter's name.
    public let parameter: String
    /// True if the gradient is zero for all inputs.
    public let isZero: Bool
    /// One line: zero and why, zero for some inputs and by way of what, or neither.
    public let text: String

    /// The facts on every parameter that a program trains, phase by phase.
    public static func all(of differentiation: ProgramDifferentiation) -> [GradientFact] {
        let trained = differentiation.traced.parameters.filter(\.isTrained)
        return zip(differentiation.program.phases, differentiation.findings).flatMap { phase, findings in
            let names = trained.filter { $0.network == phase.network }.map(\.name)
            let verdicts = phase.graph.verdicts(on: names, findings: findings)
            return zip(names, verdicts).map { GradientFact($0, $1, phase.graph) }
        }
    }

    private init(_ parameter: String, _ verdict: GradientVerdict, _ graph: Graph) {
        self.parameter = parameter
        isZero = verdict.isZero
        switch verdict {
        case .unreached(let reason): text = "zero: \(reason)"
        case .cancels: text = "zero but for rounding: what it adds to the loss cancels"
        case .inputDependent(let node):
            let origin = graph[node].origin
            let place = origin.location.map { " (\($0))" } ?? ""
            text = "zero in places or for some inputs, by way of \(graph[node].op.name) in \(origin.name)\(place)"
        case .alive: text = "zero at isolated inputs at most"
        }
    }
}
