/// A number that detectors read of every line, by its place among them: a name is looked up when a run begins, not in
/// every step.
enum Metric: Int, CaseIterable, Sendable {
    case discriminatorLoss, discriminatorGradientNorm, discriminatorWeightNorm, discriminatorUpdateRatio
    case generatorLoss, generatorGradientNorm, generatorWeightNorm, generatorUpdateRatio
    case slope, penalty
    case realLogitMean, realLogitDeviation, heldOutLogitMean, fakeLogitMean, accuracy, sigmoidSlope
    case discriminatorLabelEffect, generatorLabelEffect
    case realSpread, fakeSpread

    /// Its name in the metrics.
    var name: String {
        switch self {
        case .discriminatorLoss: "discriminator.loss"
        case .discriminatorGradientNorm: "gradient.norm.discriminator"
        case .discriminatorWeightNorm: "weight.norm.discriminator"
        case .discriminatorUpdateRatio: "update.ratio.discriminator"
        case .generatorLoss: "generator.loss"
        case .generatorGradientNorm: "gradient.norm.generator"
        case .generatorWeightNorm: "weight.norm.generator"
        case .generatorUpdateRatio: "update.ratio.generator"
        case .slope: "discriminator.slope"
        case .penalty: "discriminator.penalty"
        case .realLogitMean: "logit.mean.real"
        case .realLogitDeviation: "logit.deviation.real"
        case .heldOutLogitMean: "logit.mean.heldout"
        case .fakeLogitMean: "logit.mean.fake"
        case .accuracy: "logit.accuracy"
        case .sigmoidSlope: "sigmoid.slope.fake"
        case .discriminatorLabelEffect: "label.effect.discriminator"
        case .generatorLabelEffect: "label.effect.generator"
        case .realSpread: "spread.class.real"
        case .fakeSpread: "spread.class.fake"
        }
    }
}

/// A network whose metrics are judged; the one that is updated first stands in front.
enum TrainedNetwork: String, CaseIterable, Sendable {
    case discriminator, generator

    /// Its name in the model and in the metrics.
    var name: String { rawValue }
    var loss: Metric { self == .discriminator ? .discriminatorLoss : .generatorLoss }
    var gradientNorm: Metric { self == .discriminator ? .discriminatorGradientNorm : .generatorGradientNorm }
    var weightNorm: Metric { self == .discriminator ? .discriminatorWeightNorm : .generatorWeightNorm }
    var updateRatio: Metric { self == .discriminator ? .discriminatorUpdateRatio : .generatorUpdateRatio }
}
