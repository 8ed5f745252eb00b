import CGAN

/// What is to become of one network's training; what is nil stays.
struct NetworkTraining {
    var optimizer: Optimizer?
    /// The optimiser's rate alone.
    var rate: Double?
    var updates: Int?
}

extension ModelEditor {
    /// The phase that trains `network`.
    func phase(_ network: String) -> Phase? { program.phases.first { $0.network == network } }

    /// Changes how the networks are trained, and the size of a batch.
    mutating func setTraining(
        discriminator: NetworkTraining = NetworkTraining(), generator: NetworkTraining = NetworkTraining(),
        batch: Int? = nil
    ) {
        let wishes = [("discriminator", discriminator), ("generator", generator)]
        guard let member = source.property("training"), let chain = source.chain(in: member.body),
            let head = chain.first, source.tokens[head.name].text == "Training"
        else {
            return setMember(source.property("training"), trainingText(wishes, batch: batch))
        }
        if let batch {
            if let argument = head.argument("batch") {
                replace(argument, with: "\(batch)")
            } else {
                insert(head.arguments.isEmpty ? "batch: \(batch)" : "batch: \(batch), ", behind: head.open)
            }
        }
        for (network, wish) in wishes {
            if let call = chain.dropFirst().last(where: { source.tokens[$0.name].text == network }) {
                change(call, of: network, to: wish)
            } else if let text = call(of: network, wish) {
                insert(linkSeparator(in: chain, of: member) + text, behind: head.close)
            }
        }
    }

    private mutating func change(_ call: Call, of network: String, to wish: NetworkTraining) {
        if let argument = call.argument(nil), let phase = phase(network) {
            if let optimizer = wish.optimizer {
                replace(argument, with: optimizer.source)
            } else if let rate = wish.rate {
                let inner = source.chain(in: argument.value)?.last
                if let number = inner?.argument(nil) {
                    replace(number, with: numeral(rate))
                } else if let inner, inner.arguments.isEmpty || inner.argument("rate") == nil {
                    insert(numeral(rate) + (inner.arguments.isEmpty ? "" : ", "), behind: inner.open)
                } else {
                    replace(argument, with: phase.optimizer.with(rate: rate).source)
                }
            }
        }
        if let updates = wish.updates {
            if let argument = call.argument("updatesPerStep") {
                replace(argument, with: "\(updates)")
            } else {
                append("updatesPerStep: \(updates)", to: call)
            }
        }
    }

    /// A whole `.discriminator(…)`; nil if nothing is wished for.
    private func call(of network: String, _ wish: NetworkTraining) -> String? {
        guard wish.optimizer != nil || wish.rate != nil || wish.updates != nil, let phase = phase(network) else {
            return nil
        }
        return text(of: network, wish, phase)
    }

    private func text(of network: String, _ wish: NetworkTraining, _ phase: Phase) -> String {
        let optimizer = wish.optimizer ?? wish.rate.map { phase.optimizer.with(rate: $0) } ?? phase.optimizer
        let updates = wish.updates ?? phase.runs
        return ".\(network)(\(optimizer.source)\(updates == 1 ? "" : ", updatesPerStep: \(updates)"))"
    }

    /// What stands before the next link of the chain: a line of its own if the others have one, or there are none.
    private func linkSeparator(in chain: [Call], of member: ModelText.Member) -> String {
        guard chain.count > 1 else {
            return "\n" + source.margin(at: source.tokens[chain[0].name].range.lowerBound) + "    "
        }
        let point = source.tokens[chain[1].name - 1].range.lowerBound
        let margin = source.margin(at: point)
        return source.lineStart(of: point) + margin.utf8.count == point ? "\n" + margin : ""
    }

    /// A whole property, for models that have none, or compute it in a way of their own.
    private func trainingText(_ wishes: [(String, NetworkTraining)], batch: Int?) -> String {
        var lines = ["Training(batch: \(batch ?? program.batch), steps: \(program.steps), seed: \(program.seed))"]
        for (network, wish) in wishes {
            if let phase = phase(network) { lines.append("    " + text(of: network, wish, phase)) }
        }
        if let average = program.average {
            lines.append("    .average(.\(average.network), decay: \(numeral(average.decay)))")
        }
        if let interval = program.telemetryInterval { lines.append("    .telemetry(every: \(interval))") }
        return "var training: Training {\n    \(lines.joined(separator: "\n    "))\n}"
    }
}

extension Optimizer {
    /// The number that updates are multiplied by.
    var rate: Double {
        switch self {
        case .sgd(let rate, _, _), .rmsProp(let rate, _, _), .adam(let rate, _, _, _): rate
        }
    }

    /// The same with another rate.
    func with(rate: Double) -> Optimizer {
        switch self {
        case .sgd(_, let momentum, let nesterov): .sgd(rate: rate, momentum: momentum, nesterov: nesterov)
        case .rmsProp(_, let decay, let epsilon): .rmsProp(rate: rate, decay: decay, epsilon: epsilon)
        case .adam(_, let beta1, let beta2, let epsilon):
            .adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
        }
    }

    /// As a model file writes it: `.adam(1e-4, beta1: 0.5, beta2: 0.9)`.
    var source: String {
        switch self {
        case .sgd(let rate, let momentum, let nesterov):
            let more = momentum == 0 ? "" : ", momentum: \(numeral(momentum))"
            return ".sgd(\(numeral(rate))\(more)\(nesterov ? ", nesterov: true" : ""))"
        case .rmsProp(let rate, let decay, let epsilon):
            let more = epsilon == 1e-8 ? "" : ", epsilon: \(numeral(epsilon))"
            return ".rmsProp(\(numeral(rate)), decay: \(numeral(decay))\(more))"
        case .adam(let rate, let beta1, let beta2, let epsilon):
            let more = epsilon == 1e-8 ? "" : ", epsilon: \(numeral(epsilon))"
            return ".adam(\(numeral(rate)), beta1: \(numeral(beta1)), beta2: \(numeral(beta2))\(more))"
        }
    }
}
