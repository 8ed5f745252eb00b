/// Watches a run's metrics and says what is happening: a state machine that is a function of the lines alone, so that a
/// run that is resumed, and one that is read again afterwards, come to the same verdicts.
///
/// Each detector tells of one cause whether the newest line shows it. A verdict begins when enough lines in a row show
/// it, and ends when enough in a row do not. Nothing is said before ``warmUp`` steps are done. Of the verdicts that hold
/// at one time, the first in the order of ``detectors`` causes the others.
public struct RunObserver: Sendable {
    /// Steps before which no line is judged: a network that has just begun does many things that a trained one must not.
    public static let warmUp = 100

    /// What is known of the model.
    public let facts: RunFacts
    private var signals: Signals
    private var states: [State]
    private var ended: [Verdict] = []
    private var present: Verdict?

    /// What one detector has come to.
    private struct State: Sendable {
        /// The verdict that holds; its sentence and evidence are those of the line that began it.
        var verdict: Verdict?
        /// Lines in a row that contradict it: show the cause while none holds, or do not while one does.
        var count = 0
        /// The step of the first of them.
        var first = 0
        /// What the last line that showed the cause says of it.
        var symptom: Symptom?
    }

    /// An observer of a run that has not begun.
    public init(_ facts: RunFacts) {
        self.facts = facts
        signals = Signals()
        states = detectors.map { _ in State() }
    }

    /// Takes in the next line.
    ///
    /// - Returns: the verdict that is now the present one, if that has changed.
    @discardableResult
    public mutating func observe(_ line: MetricsLine) -> Verdict? {
        if let verdict = line.verdict, verdict.code == .nonFinite {
            ended += states.compactMap(\.verdict)
            states = detectors.map { _ in State() }
            present = verdict
            return verdict
        }
        return observe(MetricsRow(line))
    }

    /// Takes in the next line of a run whose lines all have one layout.
    ///
    /// - Parameter numbers: in the order of `layout`; those at its end that the line does not tell are left out, and whatever
    ///   is not finite is missing.
    /// - Returns: the verdict that is now the present one, if that has changed.
    @discardableResult
    public mutating func observe(step: Int, _ numbers: [Double], by layout: MetricsLayout) -> Verdict? {
        observe(MetricsRow(step: step, numbers, by: layout))
    }

    private mutating func observe(_ line: MetricsRow) -> Verdict? {
        signals.add(line)
        guard line.step >= Self.warmUp else { return nil }
        for index in detectors.indices { judge(index, line.step) }
        let worst = active.first
        // Sentences are for lines that change something, and most do not.
        guard present == nil || worst?.code != present?.code, worst != nil || signals.isTelling else { return nil }
        present = worst ?? healthy(line.step)
        return present
    }

    /// Lets detector `index` look at the newest line.
    private mutating func judge(_ index: Int, _ step: Int) {
        let detector = detectors[index]
        guard let sighting = detector.look(at: signals, of: facts) else { return }
        var state = states[index]
        defer { states[index] = state }
        if case .seen(let symptom) = sighting { state.symptom = symptom }
        guard sighting.isSeen != (state.verdict != nil) else {
            state.count = 0
            return
        }
        if state.count == 0 { state.first = step }
        state.count += 1
        guard state.count >= detector.patience else { return }
        if var verdict = state.verdict {
            verdict.until = state.first - 1
            ended.append(verdict)
            state.verdict = nil
        } else if let symptom = state.symptom {
            state.verdict = Verdict(
                detector.code, since: state.first, sentence: symptom.sentence, evidence: symptom.evidence)
        }
        state.count = 0
    }

    /// The verdicts that hold, the most causal first, with the numbers of the last line that showed them.
    public var active: [Verdict] {
        if let present, present.code == .nonFinite { return [present] }
        return states.compactMap { state in
            guard var verdict = state.verdict, let symptom = state.symptom else { return nil }
            (verdict.sentence, verdict.evidence) = (symptom.sentence, symptom.evidence)
            return verdict
        }
    }

    /// The last step seen; 0 before the first.
    public var step: Int { max(signals.step, present?.since ?? 0) }

    /// The present verdict: the most causal one, or that the run is healthy, or too young to tell.
    public var verdict: Verdict {
        active.first ?? (signals.isTelling && signals.step >= Self.warmUp ? healthy(signals.step) : tooYoung)
    }

    /// Every fault that has begun, in the order in which they began; those that hold have no end.
    public var history: [Verdict] {
        (ended + active).enumerated().sorted { ($0.1.since, $0.0) < ($1.1.since, $1.0) }.map(\.1)
    }

    private func healthy(_ step: Int) -> Verdict {
        let since = ended.compactMap(\.until).max().map { $0 + 1 } ?? 1
        let (sentence, evidence) = signals.health(of: facts)
        return Verdict(nil, since: since, sentence: sentence, evidence: evidence)
    }

    private var tooYoung: Verdict {
        let text =
            signals.step == 0
            ? "no step has been done"
            : signals.step < Self.warmUp
                ? "too early to tell: nothing is judged before step \(Self.warmUp)"
                : "nothing can be told: the run has no telemetry"
        return Verdict(nil, since: 1, sentence: text)
    }
}
