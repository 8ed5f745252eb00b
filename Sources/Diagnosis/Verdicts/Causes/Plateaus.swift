import Foundation

/// Losses that stand still, recognised by their value.
enum Plateau {
    /// What the value of a loss tells of the clip that makes it, within a part in a thousand; nil for any other value.
    static func name(of value: Double, clips: [Double]) -> String? {
        let known: [(value: Double, name: String)] =
            clips.flatMap { clip in
                let upper = Double(Float(1) - Float(1 - clip))
                return [(-log(clip), "-ln \(clip.brief), the model's clip")]
                    + (upper > 0
                        ? [(-log(upper), "the upper side of the model's clip \(clip.brief) in single precision")] : [])
            } + [
                (-log(1e-7), "-ln 1e-7, the clip of Keras"),
                (-log(0x1p-23), "-ln 2^-23, the upper side of the clip 1e-7 in single precision"),
                ((-log(1e-7) - log(0x1p-23)) / 2, "the mean of both sides of the clip 1e-7"),
                (-log(2e-7), "-ln 2e-7, the upper side of an older form of the clip"),
                (-log(1e-6), "-ln 1e-6"), (-log(1e-8), "-ln 1e-8"), (100, "the clamp of PyTorch's BCELoss"),
            ]
        return known.first { abs(value - $0.value) <= 1e-3 * $0.value }?.name
            ?? known.first { abs(value - 2 * $0.value) <= 2e-3 * $0.value }.map { "twice \($0.name)" }
    }
}

/// A loss stands where a clip holds it, or the generator's where its own is flat, and no gradient comes from it.
struct ClippedLoss: Detector {
    var code: DiagnosisCode { .clippedLoss }
    var patience: Int { 10 }
    static let gradient = 1e-6

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        for network in TrainedNetwork.allCases {
            guard let losses = signals.recent(network.loss), let least = losses.min(), let most = losses.max(),
                let norm = signals.mean(network.gradientNorm), norm < Self.gradient, most - least < 1e-2 * most,
                let name = Plateau.name(of: most, clips: facts.loss.clips)
            else { continue }
            return .seen(
                Symptom(
                    "the \(network.name)'s loss sits at \(most.short), which is \(name), and its gradient is "
                        + (norm == 0 ? "exactly zero" : norm.brief),
                    "\(network.loss.name) \(least.short) ... \(most.short) over \(Signals.kept) steps: \(name)",
                    "\(network.gradientNorm.name) \(norm.brief) (below \(Self.gradient))"))
        }
        return signals.recent(.generatorLoss) == nil ? nil : .absent
    }
}

/// The discriminator's loss stands still at what scores of zero give, whatever the batch.
struct ConstantDiscriminator: Detector {
    var code: DiagnosisCode { .discriminatorConstant }
    var patience: Int { 10 }
    static let tolerance = 1e-3

    func look(at signals: Signals, of facts: RunFacts) -> Sighting? {
        guard let losses = signals.recent(.discriminatorLoss), let guess = facts.loss.discriminatorAtZero else {
            return nil
        }
        let distance = losses.map { abs($0 - guess) }.max() ?? .infinity
        guard distance < Self.tolerance * max(1, abs(guess)) else { return .absent }
        let value = facts.loss.isCrossEntropy ? " (2 ln 2)" : ""
        return .seen(
            Symptom(
                "the discriminator gives every pair the same score: its loss stands at \(guess.short)\(value), the value of a "
                    + "guess",
                "discriminator.loss within \(distance.brief) of \(guess.short) over \(Signals.kept) steps"))
    }
}

extension LossShape {
    /// True if a guess costs the discriminator 2 ln 2.
    var isCrossEntropy: Bool { discriminatorAtZero.map { abs($0 - 2 * log(2)) < 1e-6 } ?? false }
}
