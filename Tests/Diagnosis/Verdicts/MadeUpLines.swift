import CGAN
import Foundation

@testable import Diagnosis

/// Losses whose healthy signals differ.
enum Loss: CaseIterable {
    case nonSaturating, minimax, probabilities, wasserstein, hinge

    var objective: Objective {
        switch self {
        case .nonSaturating: .nonSaturating()
        case .minimax: .minimax()
        case .probabilities: .binaryCrossEntropy()
        case .wasserstein: .wasserstein(penalty: .gradient(weight: 10))
        case .hinge: .hinge()
        }
    }
}

/// The facts on a small model with one of the losses.
func facts(_ loss: Loss, examples: Int? = nil) throws -> RunFacts {
    RunFacts(
        try Program(Small(ending: loss == .probabilities ? .probability : .logits, loss: loss.objective)),
        examples: examples)
}

/// The line of a healthy run at `step`, watched at the first step and each `interval`-th, changed value by value.
func line(
    _ step: Int, _ loss: Loss, interval: Int = 10, _ change: (_ name: String, _ value: inout Double) -> Void
) -> MetricsLine {
    let isCritic = loss == .wasserstein
    let wave = 0.1 * sin(Double(step))
    var values: [String: Double] = [
        "discriminator.loss": (isCritic ? -3 : loss == .hinge ? 1.2 : 1.1) + wave,
        "generator.loss": (isCritic || loss == .hinge ? 0.5 : 1.3) - wave,
    ]
    if isCritic { values.merge(["discriminator.slope": 1.1, "discriminator.penalty": 0.1]) { $1 } }
    for network in ["generator", "discriminator"] {
        values["gradient.norm.\(network)"] = 3 + wave
        values["weight.norm.\(network)"] = 20 + 0.001 * Double(step)
        values["update.ratio.\(network)"] = 3e-3
    }
    if step == 1 || step % interval == 0 {
        let watched: [String: Double] = [
            "logit.mean.real": 1, "logit.deviation.real": 0.7, "logit.mean.heldout": 0.9, "logit.sign.real": 0.9,
            "logit.mean.fake": -1, "logit.sign.fake": -0.9,
            "logit.accuracy": 0.9, "sigmoid.slope.fake": 0.15, "label.effect.discriminator": 0.1,
            "label.effect.generator": 0.05, "spread.class.real": 0.45, "spread.class.fake": 0.2,
            "activation.mean.generator.relu1": 0.4, "activation.deviation.generator.relu1": 0.5,
            "activation.dead.generator.relu1": 0.1, "activation.mean.generator.tanh1": -0.6,
            "activation.saturated.generator.tanh1": 0.3, "activation.saturated.generator.tanh0": 0.1,
            "gradient.norm.generator.dense1.weight": 1, "gradient.norm.generator.dense2.weight": 2,
            "gradient.norm.discriminator.dense1.weight": 1, "gradient.norm.discriminator.dense2.weight": 2,
        ]
        values.merge(watched) { $1 }
    }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
        var value = value
        change(name, &value)
        values[name] = value
    }
    return MetricsLine(step: step, values: values)
}

/// A cause as it shows on lines.
struct Cause {
    var code: DiagnosisCode
    var loss: Loss
    /// The values that it changes.
    var values: [String: Double]
    /// The model and the data that it needs.
    var facts: RunFacts

    init(
        _ code: DiagnosisCode, _ values: [String: Double], under loss: Loss = .nonSaturating, examples: Int? = nil,
        generator: Int? = nil
    ) throws {
        self.code = code
        self.loss = loss
        self.values = values
        facts = try DiagnosisTests.facts(loss, examples: examples)
        if let generator { facts.sizes["generator"] = generator }
    }

    /// What it makes of a healthy value.
    func change(_ name: String, _ value: inout Double) { if let faulty = values[name] { value = faulty } }

    private static let sure = ["logit.accuracy": 1.0, "sigmoid.slope.fake": 0.002]

    /// Every cause.
    static func all() throws -> [Cause] {
        [
            try Cause(.narrowImages, ["spread.class.real": 0.004, "spread.class.fake": 0.003]),
            try Cause(.slopeOff, ["discriminator.slope": 4.5], under: .wasserstein),
            try Cause(
                .slopeOff, ["discriminator.slope": 3, "discriminator.penalty": 4e-4], under: .wasserstein),
            try Cause(
                .criticReversed, ["logit.mean.real": -5, "logit.mean.fake": 5, "discriminator.loss": 30],
                under: .wasserstein),
            try Cause(.clippedLoss, ["generator.loss": 16.1181, "gradient.norm.generator": 0], under: .probabilities),
            try Cause(.updatesTooLarge, ["update.ratio.discriminator": 0.3]),
            try Cause(.exploding, ["gradient.norm.generator": 900]),
            try Cause(.saturatedUnits, ["activation.saturated.generator.tanh0": 0.9]),
            try Cause(.deadUnits, ["activation.dead.generator.relu1": 0.95]),
            try Cause(
                .vanishingThroughDepth,
                ["gradient.norm.generator.dense1.weight": 1e-6, "gradient.norm.generator.dense2.weight": 0.5]),
            try Cause(.discriminatorConstant, ["discriminator.loss": 2 * log(2) + 1e-5]),
            try Cause(.discriminatorConstant, ["discriminator.loss": 2], under: .hinge),
            try Cause(.generatorVanishes, sure.merging(["gradient.norm.generator": 0.01]) { $1 }, under: .minimax),
            try Cause(
                .generatorVanishes,
                ["logit.accuracy": 1, "sigmoid.slope.fake": 0.03, "gradient.norm.generator": 0.02], under: .minimax),
            try Cause(.discriminatorOverfits, ["logit.mean.heldout": -0.4], examples: 60),
            try Cause(.discriminatorOverfits, ["logit.mean.heldout": -0.4], under: .wasserstein, examples: 60),
            try Cause(
                .discriminatorOverfits, sure.merging(["logit.mean.heldout": .nan]) { $1 }, examples: 60),
            try Cause(.discriminatorOverpowers, sure),
            try Cause(.discriminatorOverpowers, sure, under: .hinge),
            try Cause(.generatorStalls, ["generator.loss": 2.2], generator: 100),
            try Cause(.labelIgnored, ["label.effect.generator": 1e-7]),
            try Cause(.labelIgnored, ["label.effect.discriminator": 1e-8]),
            try Cause(.modeCollapse, ["spread.class.fake": 0.01]),
            try Cause(.updatesTooSmall, ["update.ratio.generator": 1e-7]),
        ]
    }
}

/// Numbers in −1 ... 1.
struct Noise {
    var state: UInt64

    mutating func next() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 33) / Double(1 << 30) - 1
    }
}
