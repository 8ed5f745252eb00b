/// A discriminator that knows its training images and not what they have in common: it takes images that it has not
/// learnt from for generated ones (Karras 2020, section 3.2: r_v = (E[D(train)] − E[D(held out)]) / (E[D(train)] −
/// E[D(generated)])).
///
/// Where no image is held out, one that is sure of every pair after many passes over the data is taken for it.
struct Overfitting: Detector {
    var code: DiagnosisCode { .discriminatorOverfits }
    static let part = 0.5
    /// Standard errors that the difference of the means has to be beyond.
    static let errors = 3.0
    /// Passes over the data before which nothing can be known by heart.
    static let leastEpochs = 2.0
    /// Passes after which a sure discriminator is taken for one that does.
    static let epochs = 20.0

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let line = signals.newest, let examples = facts.examples else { return nil }
        let epochs = Double(signals.step * facts.examplesPerStep) / Double(examples)
        guard line[.heldOutLogitMean] != nil else { return guess(signals, facts, examples, epochs) }
        guard let real = signals.watchedMean(.realLogitMean), let heldOut = signals.watchedMean(.heldOutLogitMean),
            let fake = signals.watchedMean(.fakeLogitMean), let deviation = signals.watchedMean(.realLogitDeviation)
        else { return nil }
        let part = (real - heldOut) / (real - fake)
        // What two means over so many examples differ by, were they of the same kind.
        let error = deviation * (2 / Double(facts.batch * Signals.keptWatched)).squareRoot()
        guard epochs > Self.leastEpochs, real - heldOut > Self.errors * error, part > Self.part else { return .absent }
        return .seen(
            Symptom(
                "the discriminator knows the \(examples) training images by heart: it scores them \(real.brief) on average, real "
                    + "images that it has not seen \(heldOut.brief), and generated ones \(fake.brief)",
                "(logit.mean.real - logit.mean.heldout) / (logit.mean.real - logit.mean.fake) \(part.brief) (above \(Self.part))",
                "means of \(Signals.keptWatched) looks, after \(Int(epochs)) passes over the data"))
    }

    /// What is told without held-out images.
    private func guess(_ signals: Signals, _ facts: RunFacts, _ examples: Int, _ epochs: Double) -> Sighting? {
        guard let certainty = Certainty(signals, facts) else { return nil }
        guard certainty.isTotal, epochs > Self.epochs else { return .absent }
        return .seen(
            certainty.symptom(
                "the discriminator knows the \(examples) training images by heart: it has seen each \(Int(epochs)) times and "
                    + "is sure of \(certainty.accuracy.percent) of the pairs",
                "\(Int(epochs)) passes over the data (more than \(Int(Self.epochs))), of which no image is held out"))
    }
}
