/// Something that the article says, with the rule by which these runs decide it.
public struct Claim: Sendable {
    /// What a claim comes to.
    public enum Outcome: String, Sendable {
        case held
        case didNotHold = "did not hold"
        case undecided = "not decided by these runs"
    }

    /// What one seed's runs say: whether it is so, and the numbers. Nil where they have nothing to say.
    public typealias Answer = (holds: Bool?, numbers: String)

    /// The article's own words.
    public var quote: String
    /// Which runs are asked.
    public var subject: String
    /// When it is so.
    public var rule: String
    /// The models whose runs are asked.
    public var models: [String]
    /// What the runs of one seed say, by the model's name.
    public var answer: @Sendable (_ runs: [String: RunMeasures]) -> Answer

    /// A claim of all its parts.
    public init(
        _ quote: String, of subject: String, rule: String, models: [String],
        answer: @escaping @Sendable (_ runs: [String: RunMeasures]) -> Answer
    ) {
        self.quote = quote
        self.subject = subject
        self.rule = rule
        self.models = models
        self.answer = answer
    }

    /// What the runs of all seeds come to: held if it is so for every seed, not if it is so for none, else undecided.
    ///
    /// - Parameter runs: for each seed, the measures by the model's name.
    public func judged(by runs: [(seed: UInt64, measures: [String: RunMeasures])]) -> Judgement {
        var answers: [Bool?] = []
        var numbers: [String] = []
        for (seed, measures) in runs {
            if let missing = models.first(where: { measures[$0] == nil }) {
                answers.append(nil)
                numbers.append("seed \(seed): \(missing) was not run")
                continue
            }
            let (holds, text) = answer(measures)
            answers.append(holds)
            numbers.append("seed \(seed): \(text)")
        }
        let outcome: Outcome =
            answers.isEmpty
            ? .undecided
            : answers.allSatisfy { $0 == true } ? .held : answers.allSatisfy { $0 == false } ? .didNotHold : .undecided
        return Judgement(claim: self, outcome: outcome, numbers: numbers)
    }

    /// A claim and what it came to.
    public struct Judgement: Sendable {
        /// What was judged.
        public var claim: Claim
        /// What it came to.
        public var outcome: Outcome
        /// What each seed's runs say.
        public var numbers: [String]
    }
}
