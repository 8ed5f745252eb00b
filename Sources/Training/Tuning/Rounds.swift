/// What several candidates took, round by round: within a round they are measured one after the other, so that what
/// disturbs the machine disturbs all of them.
struct Rounds<Candidate: Hashable> {
    private var seconds: [Candidate: [Double]] = [:]

    /// Adds what `candidate` took in the next round.
    mutating func add(_ candidate: Candidate, seconds: Double) { self.seconds[candidate, default: []].append(seconds) }

    /// The candidate's median, in seconds; nil if it was never measured.
    func median(of candidate: Candidate) -> Double? { seconds[candidate].map { StepTiming.quantile(0.5, of: $0) } }

    /// What share of the `other` candidate's time the first one took: the median of all rounds, and the share that was
    /// not exceeded in three rounds of four.
    func share(of candidate: Candidate, to other: Candidate) -> (median: Double, upper: Double)? {
        guard let own = seconds[candidate], let theirs = seconds[other] else { return nil }
        let shares = zip(own, theirs).map { $0 / max($1, .leastNonzeroMagnitude) }
        return shares.isEmpty ? nil : (StepTiming.quantile(0.5, of: shares), StepTiming.quantile(0.75, of: shares))
    }

    /// The fastest of `candidates` if it leaves `standard` behind by more than noise: in three rounds of four, and by
    /// two per cent in the median; else `standard`.
    func best(of candidates: [Candidate], standard: Candidate) -> Candidate {
        let faster = candidates.filter { candidate in
            guard candidate != standard, let share = share(of: candidate, to: standard) else { return false }
            return share.upper < 1 && share.median < 0.98
        }
        return faster.min { median(of: $0)! < median(of: $1)! } ?? standard
    }
}
