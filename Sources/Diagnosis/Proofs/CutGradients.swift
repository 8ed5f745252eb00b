import CGAN
import Differentiation
import Graph

/// A gradient that no path carries: every way from the loss to the parameters runs through an operation without a
/// derivative (GZ003).
struct CutGradients: Rule {
    func findings(in subject: Subject) -> [Finding] {
        subject.phases.flatMap { phase in
            let cut = phase.zeroParameters.compactMap { zero in
                if case .cut(let edges) = zero.reason { (parameter: zero.parameter, edges: edges) } else { nil }
            }
            return groups(cut.filter { !subject.isExplained($0.parameter.name) }).map { finding($0, in: phase) }
        }
    }

    private typealias Cut = (parameter: Parameter, edges: [CutEdge])

    /// Parameters cut off by the same operations, together; the first that was met stands for the group.
    private func groups(_ cuts: [Cut]) -> [[Cut]] {
        var groups: [[Cut]] = []
        for cut in cuts {
            let places = Set(cut.edges.map(\.userOrigin))
            if let index = groups.firstIndex(where: { Set($0[0].edges.map(\.userOrigin)) == places }) {
                groups[index].append(cut)
            } else {
                groups.append([cut])
            }
        }
        return groups
    }

    private func finding(_ group: [Cut], in phase: PhaseSubject) -> Finding {
        let edges = group.map(\.edges).max { $0.count < $1.count } ?? []
        let names = group.map(\.parameter.name)
        let isWhole = names.count == phase.trained.count
        // The edge nearest to the loss: what lies behind it does not matter any more.
        let edge = edges.last ?? group[0].edges[0]
        let what =
            isWhole
            ? "the \(phase.network)'s gradient is zero: nothing passes from its loss to any of its \(names.count) parameters"
            : "the gradient of \(listed(names)) is zero: nothing passes from the \(phase.network)'s loss"
        // A part that is held still by the word for it is most likely meant to be.
        let isMeant = !isWhole && edges.allSatisfy { $0.reason == .stopGradient }
        return Finding(
            edge.reason == .zeroFactor ? .zeroFactor : .cutGradient, what,
            severity: isMeant ? .warning : nil,
            at: edge.userOrigin.location ?? group[0].parameter.location,
            evidence: edges.suffix(3).reversed().flatMap { ends(of: $0) } + [
                .init("\(names[0]) lies behind the cut", at: group[0].parameter.location)
            ],
            help: wayOut(edge),
            edit: edge.reason == .stopGradient ? Edit(at: edge.userOrigin.location, .unwrap("stopGradient")) : nil,
            parameters: names)
    }

    /// Both ends of an edge.
    private func ends(of edge: CutEdge) -> [Finding.Evidence] {
        [
            .init("the gradient arrives at \(edge.userOrigin.name): \(edge.reason)", at: edge.userOrigin.location),
            .init("it does not go on to \(edge.inputOrigin.name)", at: edge.inputOrigin.location),
        ]
    }

    private func wayOut(_ edge: CutEdge) -> String {
        switch edge.reason {
        case .stopGradient:
            "pass the tensor itself instead of stopGradient(…); each phase updates its own network alone, so nothing "
                + "has to be detached"
        case .piecewiseConstant(let name):
            "leave \(name) out of the loss's path; for its value with the identity's gradient, write "
                + "x + stopGradient(rounded - x)"
        case .comparison:
            "compare softly: sigmoid(10 * (a - b)) has a gradient where a > b has none"
        case .condition:
            "let the loss read the value itself, not only which side of the condition it is on"
        case .position:
            "use softmax(x) instead of argmax(x): a position is a whole number and has no gradient"
        case .zeroFactor:
            "remove the factor 0, or give it another weight"
        }
    }
}

/// The first names and how many more there are.
func listed(_ names: [String], limit: Int = 3) -> String {
    let shown = names.prefix(limit).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}
