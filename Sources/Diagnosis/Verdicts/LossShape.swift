import CGAN
import Differentiation
import Graph

/// How the losses depend on the discriminator's scores, found out by computing them: every score of real pairs is set to
/// one number, every score of generated pairs to another.
public struct LossShape: Codable, Hashable, Sendable {
    /// The kinds of loss that need to be told apart.
    public enum Family: String, Codable, Sendable {
        /// The generator's loss is flat where the discriminator is sure that its images are generated.
        case saturating
        /// The generator's loss is steep there, and flat where the discriminator is deceived.
        case nonSaturating
        /// Cross-entropy of probabilities: steep there, but flat beyond a clip.
        case clipped
        /// Both losses are straight lines: a critic.
        case wasserstein
        /// The generator's is, the discriminator's is flat beyond a margin.
        case hinge
        /// Any other.
        case other
    }

    /// Which kind it is.
    public var family: Family
    /// The losses where all scores are 0, which a discriminator that has learnt nothing gives.
    public var discriminatorAtZero, generatorAtZero: Double?
    /// The generator's loss where it is flat although the discriminator is sure; nil if it is nowhere.
    public var generatorPlateau: Double?
    /// The discriminator's loss where it is flat although every answer is wrong; nil if it is nowhere.
    public var discriminatorPlateau: Double?
    /// What probabilities are kept away from 0 by, before a logarithm.
    public var clips: [Double]

    init(_ program: Program) {
        family = .other
        clips = []
    }
}
