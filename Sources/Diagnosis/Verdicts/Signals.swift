/// The metrics as detectors ask for them: the newest lines, and as much of the past as they are compared with.
struct Signals: Sendable {
    /// The newest line's step; 0 before the first.
    private(set) var step = 0
    /// The last ``kept`` lines, the newest last.
    private(set) var lines: [MetricsRow] = []
    /// The last ``keptWatched`` lines that tell of layers and logits, the newest last.
    private(set) var watchedLines: [MetricsRow] = []
    /// The first one.
    private(set) var base: MetricsRow?
    /// The largest value so far of the generator's gradient norm.
    private(set) var largestGradient: Double?
    /// The largest part of the real images' spread that generated ones have had.
    private(set) var largestSpread = 0.0
    /// The generator's loss over the second half of the warm-up.
    private var early = (sum: 0.0, count: 0)
    /// The largest mean update ratio of each network in the warm-up.
    private(set) var largestEarlyUpdate: [TrainedNetwork: Double] = [:]

    /// Lines that are kept, and that a mean is taken over.
    static let kept = 20
    /// The same of those that tell of layers and logits.
    static let keptWatched = 4

    /// Takes in the next line.
    mutating func add(_ line: MetricsRow) {
        step = line.step
        lines.append(line)
        if lines.count > Self.kept { lines.removeFirst() }
        if let norm = line[.generatorGradientNorm] { largestGradient = max(norm, largestGradient ?? 0) }
        if step < RunObserver.warmUp {
            if let loss = line[.generatorLoss], 2 * step >= RunObserver.warmUp {
                early = (early.sum + loss, early.count + 1)
            }
            for network in TrainedNetwork.allCases {
                guard let mean = mean(network.updateRatio) else { continue }
                largestEarlyUpdate[network] = max(mean, largestEarlyUpdate[network] ?? 0)
            }
        }
        guard line.isWatched else { return }
        watchedLines.append(line)
        if watchedLines.count > Self.keptWatched { watchedLines.removeFirst() }
        if base == nil { base = line }
        if let spread = relativeSpread { largestSpread = max(largestSpread, spread) }
    }

    /// The newest line that tells of layers and logits.
    var watched: MetricsRow? { watchedLines.last }

    /// The mean of a metric over the last ``keptWatched`` lines that tell of layers and logits; nil while there are fewer, or
    /// one is without it.
    func watchedMean(_ metric: Metric) -> Double? {
        let values = watchedLines.compactMap { $0[metric] }
        return values.count == Self.keptWatched ? values.reduce(0, +) / Double(values.count) : nil
    }

    /// The newest line if it tells of layers and logits.
    var newest: MetricsRow? { watched.flatMap { $0.step == step ? $0 : nil } }

    /// The last ``kept`` values of a metric that every line has; nil while there are fewer, or a line is without.
    func recent(_ metric: Metric) -> [Double]? {
        guard lines.count == Self.kept else { return nil }
        var values: [Double] = []
        values.reserveCapacity(Self.kept)
        for index in lines.indices {
            guard let value = lines[index][metric] else { return nil }
            values.append(value)
        }
        return values
    }

    /// The mean of the last ``kept`` values of a metric.
    func mean(_ metric: Metric) -> Double? { recent(metric).map { $0.reduce(0, +) / Double($0.count) } }

    /// The generator's mean loss before the run was judged; nil if it was not seen then.
    var earlyLoss: Double? { early.count > 0 ? early.sum / Double(early.count) : nil }

    /// The part of the real images' spread within a class that generated ones have.
    var relativeSpread: Double? {
        guard let watched, let real = watched[.realSpread], let fake = watched[.fakeSpread], real > 0
        else { return nil }
        return fake / real
    }

    /// True if there is something to judge a run by.
    var isTelling: Bool { watched != nil || lines.last?[.generatorGradientNorm] != nil }

    /// The values of the newest watched line whose names begin with `prefix`, by what follows it, sorted.
    func layers(_ prefix: String) -> [(layer: String, value: Double)] {
        (newest?.named ?? [:]).filter { $0.key.hasPrefix(prefix) }
            .map { (layer: String($0.key.dropFirst(prefix.count)), value: $0.value) }.sorted { $0.layer < $1.layer }
    }
}

extension Signals {
    /// What a healthy run is said to be, and what of it was measured.
    func health(of facts: RunFacts) -> (sentence: String, evidence: [String]) {
        var parts: [String] = []
        var evidence: [String] = []
        if let norm = mean(.generatorGradientNorm) {
            parts.append("a gradient of norm \(norm.brief) reaches the generator")
            evidence.append("gradient.norm.generator \(norm.brief), the mean of \(Self.kept) steps")
        }
        if facts.loss.family != .wasserstein, let accuracy = watched?[.accuracy] {
            parts.append("the discriminator is right on \(accuracy.percent) of the pairs")
            evidence.append("logit.accuracy \(accuracy.brief)")
        }
        if let spread = relativeSpread {
            parts.append("images of a class vary by \(spread.percent) of what real ones do")
            evidence.append("spread.class.fake / spread.class.real \(spread.brief)")
        }
        return ("healthy" + (parts.isEmpty ? "" : ": ") + parts.joined(separator: ", "), evidence)
    }
}

extension Double {
    /// Three significant digits.
    package var brief: String { formatted(digits: 3) }

    /// In percent: `71%`, `0.4%`.
    var percent: String { (100 * self).formatted(digits: abs(self) < 0.1 ? 2 : 3) + "%" }
}
