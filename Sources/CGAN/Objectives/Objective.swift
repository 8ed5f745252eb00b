import Graph

/// A pair of losses by name, for models that need not write their own.
///
/// `r` is the discriminator's output on real pairs, `f` on generated ones; means are over the batch.
public struct Objective {
    /// The discriminator's outputs on a batch, `[B, 1]` each.
    struct Scores {
        var batch: Batch
        var real: Tensor
        var fake: Tensor
    }

    /// What the discriminator's last layer has to give.
    enum Output { case logits, probabilities, either }

    let name: String
    let output: Output
    let penalties: [Penalty]
    let location: SourceLocation?
    /// Nil for a model without an objective.
    let losses: ((Scores) -> Losses)?

    init(
        _ name: String, of output: Output, penalties: [Penalty], at location: SourceLocation,
        losses: @escaping (Scores) -> Losses
    ) {
        self.name = name
        self.output = output
        self.penalties = penalties
        self.location = location
        self.losses = losses
    }

    private init() {
        name = "unspecified"
        output = .either
        penalties = []
        location = nil
        losses = nil
    }

    /// What a model has that writes neither a preset nor its own losses.
    static var unspecified: Objective { Objective() }

    /// The losses of the two networks on `batch`, penalties included; nil for a model without an objective.
    func losses(generator: Network, discriminator: Network, on batch: Batch) -> Losses? {
        guard let losses else { return nil }
        let trace = batch.trace
        return trace.scope("loss", at: location) {
            let generated = generator(batch.latent, batch.labels)
            let scores = Scores(
                batch: batch, real: discriminator(batch.images, batch.labels),
                fake: discriminator(generated, batch.labels))
            check(discriminator, in: trace)
            var result = losses(scores)
            result.tracking += [("real", mean(scores.real)), ("fake", mean(scores.fake))]
            for penalty in penalties {
                trace.subscope(penalty.name, at: location) {
                    guard penalty.weight >= 0, penalty.weight.isFinite else {
                        trace.tables.record(
                            ModelError(.sizeOutOfRange, "\(penalty.name) of weight \(penalty.weight)", at: location))
                        return
                    }
                    let term = penalty.term(
                        Penalty.Setting(batch: batch, discriminator: discriminator, generated: generated))
                    result.discriminator = result.discriminator + term.value
                    result.tracking += term.tracking
                }
            }
            return result
        }
    }

    /// Records what the discriminator has that this objective cannot use: logits where probabilities are needed or the
    /// other way round, and statistics over the batch where a penalty is taken for each example.
    private func check(_ discriminator: Network, in trace: Trace) {
        guard let last = discriminator.layers.last else { return }
        if let penalty = penalties.first,
            let layer = discriminator.layers.flatMap(\.all).first(where: { $0 is BatchNorm })
        {
            trace.tables.record(
                ModelError(
                    .statisticsCouple,
                    "\(penalty.name) is taken for each example, but BatchNorm lets examples change each other",
                    at: location,
                    notes: [.init("the discriminator's batch normalisation is here", at: layer.location)],
                    help: "use LayerNorm() in the discriminator"))
        }
        let isProbability = last is Sigmoid
        switch output {
        case .probabilities where !isProbability:
            trace.tables.record(
                ModelError(
                    .outputKind, ".\(name) needs probabilities, but the discriminator ends in \(last.summary)",
                    at: location, notes: [.init("its last layer is here", at: last.location)],
                    help: "add Sigmoid() as its last layer, or use .nonSaturating, which takes logits"))
        case .logits where isProbability:
            trace.tables.record(
                ModelError(
                    .outputKind, ".\(name) needs a plain number, but the discriminator ends in Sigmoid()",
                    at: location, notes: [.init("its last layer is here", at: last.location)],
                    help: "remove Sigmoid(), or use .binaryCrossEntropy, which takes probabilities"))
        default: break
        }
    }
}
