/// A diagnosis: 0xx are faults that can be proved on the graph, 1xx zeros that do no harm, 2xx what shows in the metrics
/// of a run (see ``RunObserver``). Codes never change their meaning. What a model is refused for while it is read (M) is
/// not diagnosed again:
///
/// | cause | answered by |
/// | --- | --- |
/// | cut edge: a stopped gradient, argmax, a comparison, a rounding, the factor 0 | GZ003, GZ009 |
/// | a parameter outside the update set, or unused | GZ002 |
/// | a loss that never uses the discriminator or the generator, or only one side | GZ001, GZ017; M015 inside `gradient` |
/// | the label never reaches the score, or cancels | GZ004, GZ005; M004 where it is missing |
/// | normalise, then average over the same axes | GZ006 |
/// | softmax over one unit | GZ007 |
/// | batch norm over one value, layer norm over one, either over two | M018; GZ008 |
/// | dropout 1 | M006; GZ009 for a mask of the model's own |
/// | sigmoid, then log, clipped or not | GZ010 |
/// | sigmoid or tanh before a Wasserstein, hinge or logit loss | M013 for presets and `crossEntropy`; GZ011 |
/// | constant or zero initialisation | GZ012 |
/// | all-dead ReLU from its bias | GZ013 |
/// | batch norm in a critic with a penalty for each example | M024 for presets; GZ014 |
/// | smoothed targets that would broadcast | M014 for `[B]`; GZ015 for `[1, B]` |
/// | a penalty that never reaches the update, a norm over the wrong axes | GZ016, GZ019 |
/// | any other gradient that cancels | GZ018 |
/// | benign zeros | GZ101, GZ102, GZ103, GZ104 |
public enum DiagnosisCode: String, Hashable, Codable, Sendable, CaseIterable {
    case lossWithoutNetwork = "GZ001"
    case unusedParameter = "GZ002"
    case cutGradient = "GZ003"
    case labelUnreached = "GZ004"
    case labelCancels = "GZ005"
    case meanOfNormalised = "GZ006"
    case softmaxOverOne = "GZ007"
    case normalisedSingleValue = "GZ008"
    case zeroFactor = "GZ009"
    case squashedLogarithm = "GZ010"
    case squashedScore = "GZ011"
    case lastingInitialValues = "GZ012"
    case deadRectifier = "GZ013"
    case coupledPenalty = "GZ014"
    case pairedTargets = "GZ015"
    case penaltyWithoutEffect = "GZ016"
    case oneSidedLoss = "GZ017"
    case cancellingGradient = "GZ018"
    case slopeOfOneAxis = "GZ019"
    case biasBeforeNormalisation = "GZ101"
    case commonShift = "GZ102"
    case penaltyPastBiases = "GZ103"
    case absentRows = "GZ104"
    case nonFinite = "GZ201"
    case narrowImages = "GZ202"
    case generatorVanishes = "GZ203"
    case clippedLoss = "GZ204"
    case discriminatorOverpowers = "GZ205"
    case discriminatorConstant = "GZ206"
    case discriminatorOverfits = "GZ207"
    case vanishingThroughDepth = "GZ208"
    case exploding = "GZ209"
    case deadUnits = "GZ210"
    case saturatedUnits = "GZ211"
    case updatesTooLarge = "GZ212"
    case updatesTooSmall = "GZ213"
    case slopeOff = "GZ214"
    case criticReversed = "GZ215"
    case labelIgnored = "GZ216"
    case modeCollapse = "GZ217"
    case generatorStalls = "GZ218"

    /// How much it matters, unless a finding says otherwise.
    public var severity: Severity {
        switch self {
        case .lossWithoutNetwork, .cutGradient, .labelUnreached, .labelCancels, .meanOfNormalised, .softmaxOverOne,
            .normalisedSingleValue, .zeroFactor, .squashedScore, .lastingInitialValues, .deadRectifier, .coupledPenalty,
            .pairedTargets, .penaltyWithoutEffect, .cancellingGradient:
            .error
        case .unusedParameter, .squashedLogarithm, .oneSidedLoss, .slopeOfOneAxis: .warning
        case .biasBeforeNormalisation, .commonShift, .penaltyPastBiases, .absentRows: .note
        case .nonFinite, .generatorVanishes, .clippedLoss, .discriminatorConstant, .vanishingThroughDepth, .exploding,
            .deadUnits, .labelIgnored, .modeCollapse:
            .error
        case .narrowImages, .discriminatorOverpowers, .discriminatorOverfits, .saturatedUnits, .updatesTooLarge,
            .updatesTooSmall, .slopeOff, .criticReversed, .generatorStalls:
            .warning
        }
    }

    /// True of a cause that shows while a model trains, and not on its graph.
    public var isMeasured: Bool { rawValue >= "GZ200" }

    /// The page that `cganc explain` prints: the code and its title, a blank line, then paragraphs in which indented
    /// lines are code.
    public var explanation: String { "\(rawValue): \(page.title)\n\n\(page.text)\n" }

    /// The code written in any case.
    public init?(text: String) { self.init(rawValue: text.uppercased()) }
}

/// A title and a few paragraphs: what is zero, why, and what to write instead.
struct Page {
    var title: String
    var text: String

    init(_ title: String, _ text: String) {
        self.title = title
        self.text = text
    }
}
