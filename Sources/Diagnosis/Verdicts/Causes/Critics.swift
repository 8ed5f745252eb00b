/// The mean slope that a penalty of the preset's tracks stays far from 1. Where the critic's gap is W and the penalty
/// weighs λ, it settles at 1 + W / 2λ, so that a slope of 2 may be right: it is not where the penalty weighs next to
/// nothing. Healthy critics come within 0.3 ... 2.3.
struct SteepCritic: Detector {
    var code: DiagnosisCode { .slopeOff }
    var patience: Int { Signals.kept }
    static let range = 0.2...2.0
    static let most = 4.0
    static let weight = 0.5

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let slope = signals.mean(.slope) else { return nil }
        let excess = (slope - 1) * (slope - 1)
        let weight = signals.mean(.penalty).map { $0 / excess } ?? .infinity
        guard
            slope < Self.range.lowerBound || slope > Self.most
                || slope > Self.range.upperBound && weight < Self.weight
        else { return .absent }
        var symptom = Symptom(
            "the penalty does not hold the critic's slope: it is \(slope.brief), and should be near 1",
            "discriminator.slope \(slope.brief), the mean of \(Signals.kept) steps (outside of "
                + "\(Self.range.lowerBound) ... \(Self.range.upperBound))")
        if weight < Self.weight {
            symptom.evidence.append(
                "discriminator.penalty / (slope - 1)² \(weight.brief) (below \(Self.weight); 10 is usual)")
        }
        return .seen(symptom)
    }
}

/// A discriminator that is worse than a guess, at a loss above that of a constant one: a critic whose scores of generated
/// pairs lie above those of real ones, or another that is wrong on most pairs. Its penalty outweighs its loss.
struct ReversedCritic: Detector {
    var code: DiagnosisCode { .criticReversed }
    static let gap = -1.0
    static let loss = 1.0

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let line = signals.newest, let real = line[.realLogitMean], let fake = line[.fakeLogitMean],
            let accuracy = line[.accuracy], let loss = signals.mean(.discriminatorLoss)
        else { return nil }
        guard facts.loss.family == .wasserstein else {
            guard let guess = facts.loss.discriminatorAtZero, loss > 2 * guess + Self.loss, accuracy < 0.5 else {
                return .absent
            }
            return .seen(
                Symptom(
                    "the discriminator is right on \(accuracy.percent) of the pairs at a loss of \(loss.brief), where a guess "
                        + "would cost \(guess.brief): its penalty outweighs its loss",
                    "logit.accuracy \(accuracy.brief) (below 0.5)",
                    "discriminator.loss \(loss.brief), the mean of \(Signals.kept) steps (above twice \(guess.brief), and "
                        + "\(Self.loss.brief))"))
        }
        guard real - fake < Self.gap, loss > Self.loss else { return .absent }
        return .seen(
            Symptom(
                "the critic ranks generated images above real ones: its scores are \(fake.brief) and \(real.brief), and its loss "
                    + "is \(loss.brief)",
                "logit.mean.real - logit.mean.fake \((real - fake).brief) (below \(Self.gap))",
                "discriminator.loss \(loss.brief), the mean of \(Signals.kept) steps (above \(Self.loss))"))
    }
}
