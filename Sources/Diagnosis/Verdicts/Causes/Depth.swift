/// The gradient of a network's first weights is a small part of that of its last ones, and small (AutoTrainer).
struct VanishingThroughDepth: Detector {
    var code: DiagnosisCode { .vanishingThroughDepth }
    static let ratio = 1e-3
    static let limit = 1e-4

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let line = signals.newest else { return nil }
        for network in TrainedNetwork.allCases {
            // A table of labels stands in front of the first layer, and most of its rows are at rest.
            let weights = (facts.weights[network.name] ?? []).filter { !$0.contains(".inputs.") }
            guard let first = weights.first, let last = weights.last, first != last,
                let early = line.named["gradient.norm.\(first)"], let late = line.named["gradient.norm.\(last)"],
                early < Self.limit, early < Self.ratio * late
            else { continue }
            return .seen(
                Symptom(
                    "the \(network.name)'s gradient vanishes through its layers: \(early.brief) at \(first), \(late.brief) at \(last)",
                    "gradient.norm.\(first) \(early.brief) (below \(Self.limit) and \(Self.ratio) of the last)",
                    "gradient.norm.\(last) \(late.brief)"))
        }
        return .absent
    }
}
