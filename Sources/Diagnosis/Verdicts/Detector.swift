/// A cause that shows in a run's metrics: whether the newest line shows it, as a function of the lines so far.
///
/// To add one, write a file in `Causes` and its name in ``detectors``; its code goes into ``DiagnosisCode``, its page into
/// `Catalogue`.
protocol Detector: Sendable {
    /// What it detects.
    var code: DiagnosisCode { get }
    /// How many lines in a row must show it before it is said, and must not before it is taken back.
    var patience: Int { get }
    /// What the newest line of `signals` tells; nil if it does not have what is asked for.
    func look(at signals: Signals, of facts: RunFacts) -> Sighting?
}

/// What one line tells of one cause.
enum Sighting {
    /// The line does not show it.
    case absent
    /// The line shows it.
    case seen(Symptom)

    /// True if the line shows it.
    var isSeen: Bool { if case .seen = self { true } else { false } }
}

/// How a cause shows on a line.
struct Symptom: Hashable, Sendable {
    /// One lower-case sentence with numbers.
    var sentence: String
    /// Signal, value, and what it was held against; one line each.
    var evidence: [String]
}

/// Every detector, the causes before what follows from them.
let detectors: [any Detector] = []
