/// A diagnosis that can be proved on the graph. Codes never change their meaning: 0xx are faults, 1xx zeros that do no
/// harm.
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

    /// How much it matters, unless a finding says otherwise.
    public var severity: Severity {
        switch self {
        case .lossWithoutNetwork, .cutGradient, .labelUnreached, .labelCancels, .meanOfNormalised, .softmaxOverOne,
            .normalisedSingleValue, .zeroFactor, .squashedScore, .lastingInitialValues, .deadRectifier, .coupledPenalty,
            .pairedTargets, .penaltyWithoutEffect, .cancellingGradient:
            .error
        case .unusedParameter, .squashedLogarithm, .oneSidedLoss, .slopeOfOneAxis: .warning
        case .biasBeforeNormalisation, .commonShift, .penaltyPastBiases, .absentRows: .note
        }
    }

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
