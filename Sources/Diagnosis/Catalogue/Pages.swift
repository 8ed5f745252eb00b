extension DiagnosisCode {
    /// The page on the code.
    var page: Page {
        switch self {
        case .lossWithoutNetwork: .lossWithoutNetwork
        case .unusedParameter: .unusedParameter
        case .cutGradient: .cutGradient
        case .labelUnreached: .labelUnreached
        case .labelCancels: .labelCancels
        case .meanOfNormalised: .meanOfNormalised
        case .softmaxOverOne: .softmaxOverOne
        case .normalisedSingleValue: .normalisedSingleValue
        case .zeroFactor: .zeroFactor
        case .squashedLogarithm: .squashedLogarithm
        case .squashedScore: .squashedScore
        case .lastingInitialValues: .lastingInitialValues
        case .deadRectifier: .deadRectifier
        case .coupledPenalty: .coupledPenalty
        case .pairedTargets: .pairedTargets
        case .penaltyWithoutEffect: .penaltyWithoutEffect
        case .oneSidedLoss: .oneSidedLoss
        case .cancellingGradient: .cancellingGradient
        case .slopeOfOneAxis: .slopeOfOneAxis
        case .biasBeforeNormalisation: .biasBeforeNormalisation
        case .commonShift: .commonShift
        case .penaltyPastBiases: .penaltyPastBiases
        case .absentRows: .absentRows
        case .nonFinite: .nonFinite
        case .narrowImages: .narrowImages
        case .generatorVanishes: .generatorVanishes
        case .clippedLoss: .clippedLoss
        case .discriminatorOverpowers: .discriminatorOverpowers
        case .discriminatorConstant: .discriminatorConstant
        case .discriminatorOverfits: .discriminatorOverfits
        case .vanishingThroughDepth: .vanishingThroughDepth
        case .exploding: .exploding
        case .deadUnits: .deadUnits
        case .saturatedUnits: .saturatedUnits
        case .updatesTooLarge: .updatesTooLarge
        case .updatesTooSmall: .updatesTooSmall
        case .slopeOff: .slopeOff
        case .criticReversed: .criticReversed
        case .labelIgnored: .labelIgnored
        case .modeCollapse: .modeCollapse
        case .generatorStalls: .generatorStalls
        }
    }
}
