/// A ReLU most of whose units are zero on the whole batch (AutoTrainer's threshold; healthy ones stay below 0.3).
struct DeadUnits: Detector {
    var code: DiagnosisCode { .deadUnits }
    static let limit = 0.7

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard signals.newest != nil else { return nil }
        guard let (layer, share) = signals.layers("activation.dead.").max(by: { $0.value < $1.value }),
            share >= Self.limit
        else { return .absent }
        return .seen(
            Symptom(
                "\(share.percent) of the units of \(layer) are zero on the whole batch: they are dead",
                "activation.dead.\(layer) \(share.brief) (at least \(Self.limit))"))
    }
}

/// A tanh or sigmoid most of whose values are where it is flat. A layer that gives the images may come to have
/// most of them there, as black and white pixels are; it may not begin so.
struct SaturatedUnits: Detector {
    var code: DiagnosisCode { .saturatedUnits }
    static let limit = 0.5

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let line = signals.newest else { return nil }
        for (layer, share) in signals.layers("activation.saturated.") where share > Self.limit {
            let name = "activation.saturated.\(layer)"
            let mean = line.named["activation.mean.\(layer)"] ?? 0
            let first = signals.base?.named[name] ?? 0
            // A discriminator may well be sure of real images: that is judged by what it costs the generator.
            let isEnd = facts.ends.contains(layer)
            guard !isEnd || layer.hasPrefix("generator.") && first > Self.limit else {
                continue
            }
            return .seen(
                Symptom(
                    "\(share.percent) of the values of \(layer) are at its ends, where its derivative is near zero",
                    "\(name) \(share.brief) (above \(Self.limit)), \(first.brief) at the first step",
                    "activation.mean.\(layer) \(mean.brief)"))
        }
        return .absent
    }
}
