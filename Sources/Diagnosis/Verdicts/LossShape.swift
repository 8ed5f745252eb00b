import CGAN
import Differentiation
import Foundation
import Graph

/// How the losses depend on the discriminator's scores, found out by computing them: every score of real pairs is set to
/// one number, every score of generated pairs to another, draws to their means, and slopes to 0.
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
        /// Any other, such as least squares.
        case other
    }

    /// Which kind it is.
    public var family: Family
    /// The losses where all logits are 0, which a discriminator that has learnt nothing gives; nil if they cannot be
    /// computed from scores alone.
    public var discriminatorAtZero, generatorAtZero: Double?
    /// The generator's loss where it is flat although the discriminator is sure; nil if it is nowhere.
    public var generatorPlateau: Double?
    /// What probabilities are kept away from 0 by, before a logarithm.
    public var clips: [Double]

    /// The losses of `program`, as it was traced.
    init(_ program: Program) {
        family = .other
        clips = []
        for phase in program.phases { for clip in phase.graph.clips where !clips.contains(clip) { clips.append(clip) } }
        func loss(of network: String) -> ScoredLoss? {
            program.phases.first { $0.network == network }.flatMap { ScoredLoss($0.graph) }
        }
        guard let generator = loss(of: "generator"), let discriminator = loss(of: "discriminator"),
            let discriminatorAtZero = discriminator(real: 0, fake: 0), let generatorAtZero = generator(real: 0, fake: 0)
        else { return }
        (self.discriminatorAtZero, self.generatorAtZero) = (discriminatorAtZero, generatorAtZero)
        /// How steep the generator's loss is where the logits of its images are `x`, and real ones as far on the other
        /// side.
        func steepness(_ x: Double) -> Double {
            guard let after = generator(real: -x, fake: x + 0.5), let before = generator(real: -x, fake: x - 0.5) else {
                return .nan
            }
            return abs(after - before)
        }
        let (here, sure, certain, deceived) = (steepness(0), steepness(-6), steepness(-200), steepness(6))
        guard here > 1e-9 else { return }
        if abs(sure - here) + abs(deceived - here) < 1e-6 * here {
            let margin = [5.5, 6.5].compactMap { discriminator(real: $0, fake: -6) }
            family = margin.count == 2 && margin[0] == margin[1] ? .hinge : .wasserstein
        } else if sure < 0.05 * here {
            family = .saturating
        } else if sure > 0.5 * here, certain < 1e-3 * here {
            family = .clipped
            generatorPlateau = generator(real: 200, fake: -200)
        } else if sure > 0.5 * here, deceived < 0.1 * here {
            family = .nonSaturating
        }
    }
}

/// A phase's loss as a function of two logits.
private struct ScoredLoss {
    private let graph: Graph
    /// The inputs that stand for scores, each with its shape, and whether it is of generated pairs.
    private let scores: [(name: String, shape: Shape, isFake: Bool, isProbability: Bool)]
    /// Whatever else the loss reads: zeros.
    private let rest: [String: TensorValue]

    /// Nil if the phase has no loss or no scores.
    init?(_ phase: Graph) {
        guard let loss = phase.output("loss") else { return nil }
        let places = phase.scores()
        // What both networks make of the labels is one node, whichever made it first: only what is drawn is generated.
        let drawn = phase.descendants(of: phase.ids(where: { if case .random = $0 { true } else { false } }))
        let generated = phase.descendants(
            of: phase.ids.filter { drawn[$0.index] && phase.belongs($0, to: "generator") })
        var scores: [(name: String, shape: Shape, isFake: Bool, isProbability: Bool)] = []
        var cut = phase
        cut.outputs = [Output("loss", loss)]
        cut = cut.rewritten { graph, node, source in
            if places.contains(source) {
                let isSigmoid = if case .unary(.sigmoid) = phase[phase.unwrapped(source)].op { true } else { false }
                let name = "score \(source.index)"
                scores.append((name, node.shape, generated[source.index], isSigmoid))
                return graph.append(.input(name: name, node.type), origin: node.origin)
            }
            switch node.op {
            case .gradient: return graph.full(0, node.shape, origin: node.origin)
            case .random(let draw, let shape): return graph.full(draw.distribution.mean, shape, origin: node.origin)
            default: return graph.append(node)
            }
        }
        cut = cut.decomposed()
        let reachable = cut.reachable()
        var rest: [String: TensorValue] = [:]
        for id in cut.ids where reachable[id.index] {
            switch cut[id].op {
            case .parameter(let name, let shape): rest[name] = TensorValue(shape, repeating: 0)
            case .input(let name, let type): rest[name] = TensorValue(type.shape, repeating: 0)
            default: break
            }
        }
        let used = scores.filter { rest[$0.name] != nil }
        guard !used.isEmpty else { return nil }
        (graph, self.scores, self.rest) = (cut, used, rest)
    }

    /// The loss where all real pairs have one logit and all generated ones another; nil where it is not finite.
    func callAsFunction(real: Double, fake: Double) -> Double? {
        var feeds = rest
        for score in scores {
            let logit = score.isFake ? fake : real
            let value = score.isProbability ? 1 / (1 + exp(-logit)) : logit
            feeds[score.name] = TensorValue(score.shape, repeating: value)
        }
        guard let loss = try? Interpreter(graph).evaluate(feeds)["loss"], loss.elements.count == 1 else { return nil }
        return loss.scalar.isFinite ? loss.scalar : nil
    }
}

extension Distribution {
    /// The mean of the law.
    fileprivate var mean: Double {
        switch self {
        case .uniform(let low, let high): (low + high) / 2
        case .normal(let mean, _): mean
        case .bernoulli(let probability, let value): probability * value
        }
    }
}

extension Graph {
    /// What keeps the operands of logarithms away from 0.
    fileprivate var clips: [Double] {
        var clips: [Double] = []
        func isClip(_ value: Double?) -> Bool { value.map { $0 > 0 && $0 < 0.01 } ?? false }
        for id in ids {
            switch self[id].op {
            case .composite(.binaryCrossEntropy(let clip)): clips.append(clip)
            case .unary(.logarithm):
                let operand = self[unwrapped(self[id].inputs[0])]
                switch operand.op {
                case .composite(.clip(let low, _)) where isClip(low): clips.append(low)
                case .binary(.add), .binary(.maximum):
                    clips += operand.inputs.compactMap { uniformValue(of: $0) }.filter(isClip)
                default: break
                }
            default: break
            }
        }
        return clips
    }
}
