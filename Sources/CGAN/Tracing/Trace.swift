import Graph

/// One graph under construction: all that expressions and layers write to while a phase or the sampler is read.
///
/// A class, because every ``Tensor`` of the graph shares it.
final class Trace {
    /// How networks behave.
    enum Mode {
        /// With the batch's own statistics, and elements dropped.
        case training
        /// With kept statistics, and nothing dropped.
        case sampling
        /// As in training, but with nothing drawn: to see what training does to a network.
        case watching
    }

    let facts: ModelFacts
    let tables: ModelTables
    let mode: Mode
    var graph = Graph()
    /// What a tensor is called where a network is applied to it: `real`, `fake`, `interpolate`.
    var roles: [NodeID: String] = [:]
    /// The applications so far, in order.
    var applications: [Application] = []
    /// The results of layers that are activations, in order of application.
    var activations: [(layer: String, node: NodeID)] = []
    /// New batch values of statistics, in order of application.
    var renewals: [Renewal] = []
    private var scopes: [Scope] = []
    private var draws: [String: (draw: Draw, shape: Shape, location: SourceLocation?)] = [:]

    /// What a network was applied to, and what came of it.
    struct Application {
        var network: String
        var inputs: [NodeID]
        var tag: String?
        var output: Tensor
        var endsInSigmoid: Bool
    }

    /// A statistic's value over one batch, and the weight of the past in its running value.
    struct Renewal {
        var parameter: String
        var batchValue: NodeID
        var momentum: Double
    }

    /// A part of the model that gives its nodes a name and a place.
    private struct Scope {
        var name: String
        var location: SourceLocation?
        /// True where functions inside neither extend the name nor bring their own place.
        var isFixed: Bool
    }

    init(facts: ModelFacts, tables: ModelTables, mode: Mode) {
        self.facts = facts
        self.tables = tables
        self.mode = mode
    }

    // MARK: Names and places

    /// What `body` yields, with its nodes called `name` and placed at `location`.
    func scope<Result>(
        _ name: String, at location: SourceLocation?, fixed: Bool = true, _ body: () -> Result
    ) -> Result {
        scopes.append(Scope(name: name, location: location, isFixed: fixed))
        defer { scopes.removeLast() }
        return body()
    }

    /// What `body` yields, with its nodes called by `name` below the present scope.
    func subscope<Result>(_ name: String, at location: SourceLocation?, _ body: () -> Result) -> Result {
        let outer = scopes.last
        let place = (outer?.isFixed ?? false) ? outer?.location : location
        return scope(outer.map { "\($0.name).\(name)" } ?? name, at: place, body)
    }

    /// True inside layers and presets, whose functions are not called at places of the user's.
    var isInFixedScope: Bool { scopes.last?.isFixed ?? false }

    /// The origin of a node that `function`, called at `location`, makes in the present scope.
    func origin(_ function: String, _ location: SourceLocation?) -> Origin {
        guard let scope = scopes.last else { return Origin(function, at: location) }
        return scope.isFixed
            ? Origin(scope.name, at: scope.location)
            : Origin("\(scope.name).\(function)", at: location ?? scope.location)
    }

    // MARK: Nodes

    /// The node of `op` applied to `inputs`; a recorded mistake if they do not fit.
    ///
    /// - Parameters:
    ///   - function: the called function's name, for the origin and for the error.
    ///   - guess: the type to go on with after a mistake; the first input's if nil.
    func emit(
        _ op: Op, _ inputs: [Tensor] = [], _ function: String, at location: SourceLocation?, guess: TensorType? = nil
    ) -> Tensor {
        let guess = guess ?? inputs.first?.type ?? TensorType(.scalar)
        let origin = origin(function, location)
        guard inputs.allSatisfy({ $0.trace === self }) else {
            return mistake(
                ModelError(
                    .foreignTensor, "\(function) is given a tensor of another phase or model", at: origin.location,
                    help: "make every tensor inside objective(_:), from the batch that is passed to it"), guess: guess)
        }
        let nodes = inputs.compactMap(\.node)
        guard nodes.count == inputs.count else { return Tensor(mistakeIn: self, guess: guess) }
        do {
            return Tensor(self, try graph.add(op, nodes, origin: origin), at: origin.location)
        } catch {
            return mistake(
                ModelError(
                    .operandShapes, "\(function): \(error.message)", at: origin.location,
                    notes: inputs.map { note(on: $0) }), guess: guess)
        }
    }

    /// Records `error` and yields a tensor to go on with.
    func mistake(_ error: ModelError, guess: TensorType) -> Tensor {
        tables.record(error)
        return Tensor(mistakeIn: self, guess: guess)
    }

    /// A remark that says what made `tensor`.
    func note(on tensor: Tensor) -> ModelError.Note {
        guard let node = tensor.node else { return ModelError.Note("an operand is itself a mistake") }
        let origin = graph[node].origin
        let role = roles[node].map { "\($0), " } ?? ""
        return ModelError.Note("\(tensor.type) is \(role)made by \(origin.name)", at: tensor.place)
    }

    // MARK: Leaves

    /// The tensor of random numbers called `name`; asking for the same one again gives the same numbers.
    func random(
        _ name: String, _ distribution: Distribution, _ shape: Shape, at location: SourceLocation?
    ) -> Tensor {
        let draw = Draw(name, distribution)
        let place = origin(name, location).location
        if let wrong = misuse(of: draw, at: place) { return mistake(wrong, guess: TensorType(shape)) }
        if let earlier = draws[name], earlier.draw != draw || earlier.shape != shape {
            return mistake(
                ModelError(
                    .drawNameReused,
                    "two different draws are called \"\(name)\": \(earlier.shape) \(earlier.draw.distribution) and "
                        + "\(shape) \(distribution)",
                    at: place, notes: [.init("the first is here", at: earlier.location)],
                    help: "give one of them another name; the same name means the same numbers"),
                guess: TensorType(shape))
        }
        draws[name] = (draw, shape, place)
        return scope(name, at: place) {
            emit(.random(draw, shape), [], name, at: place, guess: TensorType(shape))
        }
    }
    /// What is wrong with a draw by itself. Its name becomes the name of a dump's file, behind that of a layer and a tag.
    private func misuse(of draw: Draw, at place: SourceLocation?) -> ModelError? {
        guard isUsable(name: draw.name, length: 200) else {
            return ModelError(
                .nameNotUsable,
                "a draw cannot be called \"\(draw.name)\": letters, digits, dots, underscores and hyphens can name it",
                at: place, help: "the files of a dump are called after draws; write a name such as \"noise.real\"")
        }
        guard draw.distribution.isPossible else {
            return ModelError(.sizeOutOfRange, "the draw \"\(draw.name)\" cannot be \(draw.distribution)", at: place)
        }
        return nil
    }
}
