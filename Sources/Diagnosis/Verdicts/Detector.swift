/// A cause that shows in a run's metrics: whether the newest line shows it, as a function of the lines so far.
///
/// To add one, write a file in `Causes` and its name in ``detectors``; its code goes into ``DiagnosisCode``, its page into
/// `Catalogue`.
protocol Detector: Sendable {
    /// What it detects.
    var code: DiagnosisCode { get }
    /// How many telling lines in a row must show it before it is said, and must not before it is taken back.
    var patience: Int { get }
    /// What the newest line tells; nil if it does not have what is asked for.
    func look(at signals: Signals, of facts: RunFacts) -> Sighting?
}

extension Detector {
    /// Two of the lines that tell of layers and logits.
    var patience: Int { 2 }
}

/// What one line tells of one cause.
enum Sighting {
    /// The line does not show it.
    case absent
    /// The line shows it.
    case seen(Symptom)

    /// Shown if there is a symptom.
    init(_ symptom: Symptom?) { self = symptom.map { .seen($0) } ?? .absent }

    /// True if the line shows it.
    var isSeen: Bool { if case .seen = self { true } else { false } }
}

/// How a cause shows on a line.
struct Symptom: Hashable, Sendable {
    /// One lower-case sentence with numbers.
    var sentence: String
    /// Signal, value, and what it was held against; one line each.
    var evidence: [String]

    init(_ sentence: String, _ evidence: String...) {
        self.sentence = sentence
        self.evidence = evidence
    }
}

/// Every detector, the causes before what follows from them.
let detectors: [any Detector] = [
    NarrowImages(),
    SteepCritic(),
    ReversedCritic(),
    ClippedLoss(),
    LargeUpdates(),
    Explosion(),
    SaturatedUnits(),
    DeadUnits(),
    VanishingThroughDepth(),
    ConstantDiscriminator(),
    SmallGenerator(),
    VanishingGenerator(),
    Overfitting(),
    Overpowering(),
    IgnoredLabel(),
    Collapse(),
    SmallUpdates(),
]
