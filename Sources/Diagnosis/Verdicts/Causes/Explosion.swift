/// Gradients beyond 100 that have also grown far (AutoTrainer's threshold, which a critic's first steps reach in health),
/// or weights that have grown to several times what they were.
struct Explosion: Detector {
    var code: DiagnosisCode { .exploding }
    var patience: Int { 10 }
    static let gradient = (limit: 100.0, growth: 10.0)
    static let weight = 3.0

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let base = signals.base else { return nil }
        for network in TrainedNetwork.allCases {
            let (norm, weight) = (network.gradientNorm, network.weightNorm)
            if let mean = signals.mean(norm), let first = base[norm], mean > Self.gradient.limit,
                mean > Self.gradient.growth * first
            {
                return .seen(
                    Symptom(
                        "the \(network.name)'s gradient explodes: its norm is \(mean.brief), \((mean / first).brief) times that of "
                            + "the first step",
                        "\(norm.name) \(mean.brief), the mean of \(Signals.kept) steps (above \(Self.gradient.limit.brief) and "
                            + "\(Self.gradient.growth.brief) times \(first.brief))"))
            }
            if let last = signals.lines.last?[weight], let first = base[weight], first > 0, last > Self.weight * first {
                return .seen(
                    Symptom(
                        "the \(network.name)'s weights explode: their norm is \((last / first).brief) times that of the first step",
                        "\(weight.name) \(last.brief) (above \(Self.weight.brief) times \(first.brief))"))
            }
        }
        return signals.mean(.generatorGradientNorm) == nil ? nil : .absent
    }
}
