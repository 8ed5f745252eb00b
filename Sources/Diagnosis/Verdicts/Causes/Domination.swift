/// The discriminator is right on every pair, and so sure that the factor σ′ of its answers on generated images is small.
/// Accuracy alone says nothing: it is 1 in the first hundreds of steps of most healthy runs, whose σ′ stays above 0.029.
struct Certainty {
    static let accuracy = 0.99
    static let slope = 0.015

    var accuracy, slope: Double

    /// Nil if the newest line does not tell, or a score's size means nothing, as a critic's.
    init?(_ signals: Signals, _ facts: RunFacts) {
        guard facts.loss.family != .wasserstein, let line = signals.newest, let accuracy = line[.accuracy],
            let slope = line[.sigmoidSlope]
        else { return nil }
        (self.accuracy, self.slope) = (accuracy, slope)
    }

    var isTotal: Bool { accuracy >= Self.accuracy && slope < Self.slope }

    /// A symptom with what was measured of it.
    func symptom(_ sentence: String, _ more: String?) -> Symptom {
        var symptom = Symptom(
            sentence, "logit.accuracy \(accuracy.brief) (at least \(Self.accuracy))",
            "sigmoid.slope.fake \(slope.brief) (below \(slope < Self.slope ? Self.slope : VanishingGenerator.slope); 0.25 for a guess)"
        )
        if let more { symptom.evidence.append(more) }
        return symptom
    }
}

/// A sure discriminator under a loss that is flat there; less sure a one is enough where the generator's gradient has
/// fallen to a small part of what it was.
struct VanishingGenerator: Detector {
    var code: DiagnosisCode { .generatorVanishes }
    static let slope = 0.05
    static let part = 0.03

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard facts.loss.family == .saturating else { return signals.newest == nil ? nil : .absent }
        guard let certainty = Certainty(signals, facts) else { return nil }
        let hasFallen = (signals.fallOfGradient ?? 1) < Self.part
        guard certainty.isTotal || hasFallen && certainty.accuracy >= Certainty.accuracy && certainty.slope < Self.slope
        else { return .absent }
        let fall = signals.fallOfGradient.map { ", and its norm has fallen to \($0.percent) of its largest" } ?? ""
        return .seen(
            certainty.symptom(
                "the generator's gradient vanishes: the discriminator is so sure that σ′ multiplies it by "
                    + "\(certainty.slope.brief)\(fall)", signals.gradientEvidence))
    }
}

/// A sure discriminator under any other loss.
struct Overpowering: Detector {
    var code: DiagnosisCode { .discriminatorOverpowers }

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let certainty = Certainty(signals, facts) else { return nil }
        guard facts.loss.family != .saturating, certainty.isTotal else { return .absent }
        let loss = signals.mean(.generatorLoss).map { ", and the generator's loss is \($0.brief)" } ?? ""
        return .seen(
            certainty.symptom(
                "the discriminator overpowers the generator: it is right on \(certainty.accuracy.percent) of the pairs and "
                    + "sure of it\(loss)", signals.gradientEvidence))
    }
}

/// A generator with a small part of the discriminator's parameters, whose loss climbs.
struct SmallGenerator: Detector {
    var code: DiagnosisCode { .generatorStalls }
    var patience: Int { Signals.kept }
    static let ratio = 0.1
    static let climb = 0.3

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let own = facts.sizes["generator"], let other = facts.sizes["discriminator"], own > 0,
            Double(own) < Self.ratio * Double(other), facts.loss.family != .wasserstein
        else { return signals.lines.last?[.generatorLoss] == nil ? nil : .absent }
        guard let early = signals.earlyLoss, let loss = signals.mean(.generatorLoss) else {
            return nil
        }
        guard loss > early + Self.climb else { return .absent }
        return .seen(
            Symptom(
                "the generator cannot follow: its loss climbs from \(early.brief) to \(loss.brief), and it has \(own) parameters "
                    + "against \(other)",
                "generator.loss \(loss.brief), the mean of \(Signals.kept) steps (above \(early.brief) + \(Self.climb))",
                "parameters \(own) of the generator, \(other) of the discriminator (a ratio below \(Self.ratio))"))
    }
}

extension Signals {
    /// The generator's gradient norm as a part of the largest it has had; nil if that is no fall.
    fileprivate var fallOfGradient: Double? {
        guard let norm = mean(.generatorGradientNorm), let most = largestGradient,
            norm < 0.5 * most
        else { return nil }
        return norm / most
    }

    fileprivate var gradientEvidence: String? {
        mean(.generatorGradientNorm).map { "gradient.norm.generator \($0.brief), the mean of \(Self.kept) steps" }
    }
}
