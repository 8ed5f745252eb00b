/// The metrics as detectors ask for them: the newest line, and as much of the past as they compare it with.
struct Signals: Sendable {
    /// The newest line's step; 0 before the first.
    private(set) var step = 0
    /// The last lines of all, the newest last.
    private(set) var lines: [MetricsLine] = []
    /// The last lines that tell of layers and logits, the newest last.
    private(set) var watched: [MetricsLine] = []
    /// The first watched line that was judged.
    private(set) var base: MetricsLine?
    /// The largest value that a network's gradient norm had on a watched line.
    private(set) var largest: [String: Double] = [:]

    /// Lines kept.
    static let kept = 50
    /// Watched lines kept.
    static let keptWatched = 20

    /// Takes in the next line.
    mutating func add(_ line: MetricsLine) {
        step = line.step
        lines.append(line)
        if lines.count > Self.kept { lines.removeFirst() }
        guard Self.isWatched(line) else { return }
        watched.append(line)
        if watched.count > Self.keptWatched { watched.removeFirst() }
    }

    /// True of a line that tells of more than networks as a whole.
    private static func isWatched(_ line: MetricsLine) -> Bool { line["logit.accuracy"] != nil }

    /// The newest line, if it is a watched one.
    var newest: MetricsLine? { watched.last?.step == step ? watched.last : nil }

    /// True if there is something to judge a run by.
    var isTelling: Bool { !watched.isEmpty || lines.last?["gradient.norm.generator"] != nil }

    /// What a healthy run is said to be, and what of it was measured.
    func health(of facts: RunFacts) -> (sentence: String, evidence: [String]) {
        ("healthy: both networks learn", [])
    }
}
