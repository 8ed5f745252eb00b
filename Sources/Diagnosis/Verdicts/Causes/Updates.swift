/// A step changes a network by a large part of itself.
///
/// TheDeepChecker holds log₁₀ of the ratio within −4 ... −1. Over a whole network, healthy GANs stay below 0.006 and
/// those that a rate destroys are above 0.05, until the weights have grown along: then the first steps tell.
struct LargeUpdates: Detector {
    var code: DiagnosisCode { .updatesTooLarge }
    var patience: Int { Signals.kept }
    static let limit = 0.05
    static let growth = 1.5

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let (network, ratio) = signals.updateRatios.max(by: { $0.ratio < $1.ratio }) else { return nil }
        if ratio > Self.limit {
            return .seen(
                Symptom(
                    "each step changes the \(network.name)'s weights by \(ratio.percent) of their norm: its rate is too high",
                    "\(network.updateRatio.name) \(ratio.brief), the mean of \(Signals.kept) steps (above \(Self.limit))"
                ))
        }
        for network in TrainedNetwork.allCases {
            let weight = network.weightNorm
            guard let early = signals.largestEarlyUpdate[network], early > Self.limit,
                let first = signals.base?[weight], let last = signals.lines.last?[weight], last > Self.growth * first
            else { continue }
            return .seen(
                Symptom(
                    "the \(network.name)'s rate is too high: the first steps changed its weights by \(early.percent) of "
                        + "their norm, which is now \((last / first).brief) times as large",
                    "\(network.updateRatio.name) \(early.brief), the largest mean of \(Signals.kept) of the first steps "
                        + "(above \(Self.limit))",
                    "\(weight.name) \(last.brief) (above \(Self.growth.brief) times \(first.brief))"))
        }
        return .absent
    }
}

/// A step hardly changes a network. Healthy discriminators with tables of labels go down to 6e-5, below the 1e-4 of
/// TheDeepChecker.
struct SmallUpdates: Detector {
    var code: DiagnosisCode { .updatesTooSmall }
    var patience: Int { Signals.kept }
    static let limit = 1e-5

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let (network, ratio) = signals.updateRatios.min(by: { $0.ratio < $1.ratio }) else { return nil }
        guard ratio < Self.limit else { return .absent }
        return .seen(
            Symptom(
                "each step changes the \(network.name)'s weights by \(ratio.brief) of their norm: it hardly learns",
                "\(network.updateRatio.name) \(ratio.brief), the mean of \(Signals.kept) steps (below \(Self.limit))"))
    }
}

extension Signals {
    fileprivate var updateRatios: [(network: TrainedNetwork, ratio: Double)] {
        TrainedNetwork.allCases.compactMap { network in mean(network.updateRatio).map { (network, $0) } }
    }
}
