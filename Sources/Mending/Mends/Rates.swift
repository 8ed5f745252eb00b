import CGAN

extension Mend {
    /// How far a step goes.
    static let rates = [
        Mend(
            "usual-optimisers", "Adam with a rate of 2e-4 and momentum 0.5 for both networks",
            for: [
                .nonFinite, .discriminatorOverpowers, .discriminatorConstant, .exploding, .deadUnits, .saturatedUnits,
                .updatesTooLarge, .updatesTooSmall, .slopeOff, .criticReversed, .modeCollapse, .generatorStalls,
                .generatorVanishes, .clippedLoss, .vanishingThroughDepth,
            ]
        ) { editor in
            let usual = Optimizer.adam(rate: 2e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8)
            let unusual = editor.program.phases.filter { !$0.optimizer.isUsual }
            guard !unusual.isEmpty else { return false }
            func wish(_ network: String) -> NetworkTraining {
                NetworkTraining(optimizer: unusual.contains { $0.network == network } ? usual : nil)
            }
            editor.setTraining(discriminator: wish("discriminator"), generator: wish("generator"))
            return true
        },
        Mend(
            "lower-rates", "a tenth of both rates",
            for: [
                .nonFinite, .discriminatorConstant, .exploding, .deadUnits, .saturatedUnits, .updatesTooLarge,
                .slopeOff,
                .clippedLoss,
            ]
        ) { editor in editor.scaleRates(discriminator: 0.1, generator: 0.1) },
        Mend(
            "less-momentum", "no momentum in gradient descent, and at most 0.5 in Adam",
            for: [.nonFinite, .exploding, .updatesTooLarge]
        ) { editor in
            func wish(_ network: String) -> NetworkTraining {
                NetworkTraining(optimizer: editor.phase(network)?.optimizer.withLessMomentum)
            }
            let (discriminator, generator) = (wish("discriminator"), wish("generator"))
            guard discriminator.optimizer != nil || generator.optimizer != nil else { return false }
            editor.setTraining(discriminator: discriminator, generator: generator)
            return true
        },
        Mend("higher-rates", "ten times both rates", for: [.updatesTooSmall, .discriminatorConstant, .generatorStalls])
        {
            editor in editor.scaleRates(discriminator: 10, generator: 10)
        },
        Mend(
            "slower-discriminator", "a quarter of the discriminator's rate",
            for: [.discriminatorOverpowers, .generatorVanishes, .clippedLoss, .discriminatorOverfits]
        ) { editor in editor.scaleRates(discriminator: 0.25) },
        Mend("faster-discriminator", "four times the discriminator's rate", for: [.slopeOff, .criticReversed]) {
            editor in editor.scaleRates(discriminator: 4)
        },
        Mend("slower-generator", "a quarter of the generator's rate", for: [.modeCollapse, .criticReversed, .slopeOff])
        {
            editor in editor.scaleRates(generator: 0.25)
        },
        Mend("faster-generator", "four times the generator's rate", for: [.discriminatorOverpowers, .generatorStalls]) {
            editor in editor.scaleRates(generator: 4)
        },
    ]
}

extension ModelEditor {
    /// Multiplies rates.
    fileprivate mutating func scaleRates(discriminator: Double = 1, generator: Double = 1) -> Bool {
        func wish(_ network: String, _ factor: Double) -> NetworkTraining {
            NetworkTraining(rate: factor == 1 ? nil : phase(network).map { $0.optimizer.rate * factor })
        }
        setTraining(
            discriminator: wish("discriminator", discriminator), generator: wish("generator", generator))
        return true
    }
}

extension Optimizer {
    /// The same with the momentum that GANs are used to; nil if it has no more.
    fileprivate var withLessMomentum: Optimizer? {
        switch self {
        case .sgd(let rate, let momentum, _) where momentum > 0: .sgd(rate: rate, momentum: 0, nesterov: false)
        case .adam(let rate, let beta1, let beta2, let epsilon) where beta1 > 0.5:
            .adam(rate: rate, beta1: 0.5, beta2: beta2, epsilon: epsilon)
        default: nil
        }
    }

    /// True of Adam with a rate near 2e-4 and little momentum, which most of the published models were trained with.
    fileprivate var isUsual: Bool {
        if case .adam(let rate, let beta1, let beta2, _) = self {
            (5e-5...5e-4).contains(rate) && beta1 <= 0.5 && beta2 >= 0.9
        } else {
            false
        }
    }
}
