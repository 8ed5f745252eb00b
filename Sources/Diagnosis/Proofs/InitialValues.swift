import CGAN
import Graph

/// Initial values that training cannot change: parameters whose gradient is zero as long as they keep them, behind a dead
/// rectifier (GZ013) or not, and units that begin alike and stay alike (GZ012).
///
/// Both are greatest fixed points. First everything is supposed to keep its initial values, or its likeness; whatever gets
/// a gradient that could change that is set free; and so again, until nothing more is. What is left is an invariant of
/// both phases' updates, with any optimiser whose update of a zero gradient is zero, and of equal gradients equal.
struct InitialValues: Rule {
    func findings(in subject: Subject) -> [Finding] {
        let lasting = Lasting(subject)
        return lasting.stuck(besides: subject) + lasting.alike(besides: subject)
    }
}

/// The fixed points of one model.
private struct Lasting {
    let phases: [PhaseSubject]
    let parameters: [Parameter]

    init(_ subject: Subject) {
        phases = subject.phases
        parameters = phases.flatMap(\.trained)
    }

    // MARK: Values that stay

    /// Parameters that keep their initial values, and are not known to be without a gradient for another reason.
    func stuck(besides subject: Subject) -> [Finding] {
        // What is known to be zero but for rounding may wander; what no path reaches stays.
        let wandering = Set(phases.flatMap { $0.cancellingParameters.map(\.name) })
        let unreached = Set(phases.flatMap { $0.zeroParameters.map(\.parameter.name) })
        var held: [String: Interval] = [:]
        for parameter in parameters where !wandering.contains(parameter.name) {
            held[parameter.name] = parameter.initializer.interval
        }
        var ranges: [Ranges] = []
        while true {
            ranges = phases.map { Ranges($0.differentiated, parameters: held) }
            let freed = zip(phases, ranges).flatMap { phase, ranges in
                phase.trained.filter { parameter in
                    guard held[parameter.name] != nil,
                        let gradient = phase.differentiated.output("gradient:\(parameter.name)")
                    else { return false }
                    return !ranges[gradient].isZero
                }
            }
            if freed.isEmpty { break }
            for parameter in freed { held[parameter.name] = nil }
        }
        return zip(phases, ranges).flatMap { phase, ranges -> [Finding] in
            let stuck = phase.trained.filter {
                held[$0.name] != nil && !unreached.contains($0.name) && !subject.isExplained($0.name)
            }
            // A lone bias that stays is a balance, or a symptom of what was found before.
            guard let first = stuck.first(where: { $0.shape.rank > 1 }) else { return [] }
            return deadRectifier(in: phase, ranges, stuck).map { [$0] } ?? [stays(first, stuck, in: phase)]
        }
    }

    /// A rectifier that nothing wakes, whose derivative the stuck parameters would need.
    private func deadRectifier(in phase: PhaseSubject, _ ranges: Ranges, _ stuck: [Parameter]) -> Finding? {
        let graph = phase.differentiated
        let leaves = stuck.compactMap { parameter in
            graph.ids.first { graph[$0].op == .parameter(name: parameter.name, parameter.shape) }
        }
        let below = graph.descendants(of: leaves)
        let dead = graph.ids.first { id in
            guard graph[id].op == .unary(.relu), graph[id].origin.order == 0, below[id.index] else { return false }
            let range = ranges[graph[id].inputs[0]]
            return range.high <= 0 && !range.isZero
        }
        guard let dead else { return nil }
        let range = ranges[graph[dead].inputs[0]]
        let argument = graph[graph[dead].inputs[0]].origin
        return Finding(
            .deadRectifier,
            "no input wakes \(graph[dead].origin.name): what enters it is at most \(range.high.short), so that it and its "
                + "derivative are 0",
            at: graph[dead].origin.location,
            evidence: [
                .init(
                    "what enters it, \(argument.name), lies in \(range.low.short) ... \(range.high.short)",
                    at: argument.location),
                .init("\(listed(stuck.map(\.name))) can never change", at: stuck[0].location),
            ],
            help: "begin the bias at 0, or use LeakyReLU(0.2)", parameters: stuck.map(\.name))
    }

    private func stays(_ first: Parameter, _ stuck: [Parameter], in phase: PhaseSubject) -> Finding {
        let weights = stuck.filter { $0.shape.rank > 1 }
        return Finding(
            .lastingInitialValues,
            "\(listed(stuck.map(\.name))) begin\(stuck.count == 1 ? "s" : "") where the gradient is zero and stay"
                + "\(stuck.count == 1 ? "s" : "") there, whatever the data are",
            at: first.location,
            evidence: weights.dropFirst().prefix(2).map {
                .init("\($0.name) begins as \($0.initializer.text)", at: $0.location)
            },
            help: "leave the initialiser out, or draw the weights: initializer: .normal(deviation: 0.05)",
            edit: first.drawing, parameters: stuck.map(\.name))
    }

    // MARK: Units that stay alike

    /// Weights whose units begin alike and get equal gradients for ever.
    func alike(besides subject: Subject) -> [Finding] {
        var claims: [String: [Bool]] = [:]
        for parameter in parameters {
            guard case .constant = parameter.initializer else { continue }
            claims[parameter.name] = [Bool](repeating: true, count: parameter.shape.rank)
        }
        var isAtRest = claims.isEmpty
        while !isAtRest {
            isAtRest = true
            for phase in phases {
                let alikeness = Alikeness(phase.differentiated, parameters: claims)
                for parameter in phase.trained {
                    guard let claim = claims[parameter.name],
                        let gradient = phase.differentiated.output("gradient:\(parameter.name)")
                    else { continue }
                    let kept = zip(claim, alikeness[gradient]).map { $0 && $1 }
                    if kept != claim { isAtRest = false }
                    claims[parameter.name] = kept
                }
            }
        }
        return parameters.compactMap { parameter in
            guard let axis = parameter.unitAxis, parameter.shape[axis] > 1, claims[parameter.name]?[axis] == true,
                !subject.isExplained(parameter.name)
            else { return nil }
            return Finding(
                .lastingInitialValues,
                "the \(parameter.shape[axis]) units of \(parameter.name) begin alike, as \(parameter.initializer.text), and "
                    + "stay alike: the layer is worth one unit",
                at: parameter.location,
                help: "leave the initialiser out, or draw the weights: initializer: .normal(deviation: 0.05)",
                edit: parameter.drawing, parameters: [parameter.name])
        }
    }
}

extension Initializer {
    /// The numbers that a parameter can begin as.
    fileprivate var interval: Interval {
        switch self {
        case .constant(let value): .point(value)
        case .normal(let deviation): Distribution.normal(mean: 0, deviation: deviation).interval
        case .uniform(let limit): Interval(-limit, limit)
        }
    }

    /// What the user may have written.
    fileprivate var text: String {
        switch self {
        case .constant(let value): "\(value)"
        case .normal(let deviation): "normal numbers of deviation \(deviation)"
        case .uniform(let limit): "uniform numbers within ±\(limit)"
        }
    }
}

extension Parameter {
    /// The change that draws it instead of beginning with a number.
    fileprivate var drawing: Edit? {
        guard case .constant(let value) = initializer else { return nil }
        let text = value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
        return Edit(at: location, .replace(".constant(\(text))", with: ".normal(deviation: 0.05)"))
    }

    /// The axis of a weight that counts the layer's units; nil where the layout tells of none.
    fileprivate var unitAxis: Int? {
        switch layout {
        case "in,out": 1
        case "HWIO": 3
        case "HWOI": 2
        default: nil
        }
    }
}
