/// Real images of a class differ by next to nothing: the data use a sliver of −1 ... 1.
struct NarrowImages: Detector {
    var code: DiagnosisCode { .narrowImages }
    static let limit = 0.02

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let spread = signals.newest?[.realSpread] else { return nil }
        guard spread < Self.limit else { return .absent }
        return .seen(
            Symptom(
                "the real images use hardly any of their range: within a class, pixels deviate by \(spread.brief) of the 2 from "
                    + "black to white",
                "spread.class.real \(spread.brief) (below \(Self.limit))"))
    }
}

/// Generated images of a class differ by a small part of what real ones do. Healthy generators stay above 0.13, and above
/// half of the largest part they had.
struct Collapse: Detector {
    var code: DiagnosisCode { .modeCollapse }
    static let limit = 0.05
    static let fall = (limit: 0.2, part: 0.3)
    static let ignored = 0.01

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard signals.newest != nil, let spread = signals.relativeSpread else { return nil }
        let part = spread / signals.largestSpread
        guard spread < Self.limit || spread < Self.fall.limit && part < Self.fall.part else { return .absent }
        let evidence =
            "spread.class.fake / spread.class.real \(spread.brief) (below \(Self.limit), or below "
            + "\(Self.fall.limit) and \(Self.fall.part) of the largest, \(signals.largestSpread.brief))"
        return .seen(
            spread < Self.ignored && signals.largestSpread < Self.limit
                ? Symptom(
                    "the generator ignores its latent: images of a class vary by \(spread.percent) of what real ones do",
                    evidence)
                : Symptom(
                    "the generator collapses: images of a class vary by \(spread.percent) of what real ones do",
                    evidence))
    }
}

/// A network whose results stay as they are when every label turns to another class. Healthy effects are above 0.006 of
/// their scale.
struct IgnoredLabel: Detector {
    var code: DiagnosisCode { .labelIgnored }
    static let limit = 1e-4

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let line = signals.newest, facts.classes > 1, let judged = line[.discriminatorLabelEffect],
            let made = line[.generatorLabelEffect], let real = line[.realLogitMean],
            let fake = line[.fakeLogitMean], let spread = line[.realSpread]
        else { return nil }
        let scale = abs(real) + abs(fake)
        if judged < Self.limit * max(scale, Self.limit) {
            return .seen(
                Symptom(
                    "the discriminator ignores the label: another class moves its scores by \(judged.brief)",
                    "label.effect.discriminator \(judged.brief) (below \(Self.limit) of the scores' size, \(scale.brief))"
                ))
        }
        if made < Self.limit * spread {
            return .seen(
                Symptom(
                    "the generator ignores the label: another class moves its pixels by \(made.brief)",
                    "label.effect.generator \(made.brief) (below \(Self.limit) of the real images' spread, \(spread.brief))"
                ))
        }
        return .absent
    }
}
