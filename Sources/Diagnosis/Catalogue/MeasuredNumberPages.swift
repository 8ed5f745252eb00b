/// What shows in a run's metrics: numbers that grow, shrink, or stand still.
extension Page {
    static let vanishingThroughDepth = Page(
        "gradients that vanish through the layers",
        """
        The gradient of a network's first layer is less than a thousandth of that of its last one: each layer in between \
        multiplies it by less than one (AutoTrainer: first / last < 1e-3 and first < 1e-4). Use LeakyReLU(0.2) instead of \
        Sigmoid() or Tanh() between layers, a normalisation, Residual { }, or leave the initialisers to cganc.
        """)

    static let exploding = Page(
        "gradients or weights that explode",
        """
        Gradients or weights have grown far beyond where they began, and the next step is likely not to be finite. Lower \
        the rate of the network named; under a Wasserstein loss without a penalty, add one: nothing else holds the critic's \
        slope down.

            var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }
        """)

    static let deadUnits = Page(
        "units that are zero on the whole batch",
        """
        A ReLU whose input is below zero for every example gives 0 and has no gradient: its unit is dead. At least seven \
        tenths of the layer's units are (AutoTrainer's threshold). Mostly the rate was too high for a moment, or a bias \
        began below zero. Use LeakyReLU(0.2), a lower rate, or a normalisation before it.
        """)

    static let saturatedUnits = Page(
        "units that sit at their ends",
        """
        More than half of the values of a tanh or a sigmoid lie where it is flat, and its derivative with them. Smaller \
        initial weights, a normalisation before it, or LeakyReLU(0.2) in its place. The generator's last layer may \
        come to be so, since black and white pixels belong there; it is reported only where it begins so.
        """)

    static let updatesTooLarge = Page(
        "updates that are large beside the weights",
        """
        A step changes the weights by more than a tenth of their own norm (update.ratio), so that what was learnt a few \
        steps before is overwritten. Lower the rate of the network named; 1e-4 ... 4e-4 is usual with Adam.
        """)

    static let updatesTooSmall = Page(
        "updates that are small beside the weights",
        """
        A step changes the weights by so small a part of their norm (update.ratio) that thousands of steps would change \
        little. Raise the rate of the network named; 1e-4 ... 4e-4 is usual with Adam. If the gradient is small as well, \
        look for what makes it so first.
        """)

    static let slopeOff = Page(
        "a penalty that does not hold the slope",
        """
        The penalty asks the critic for a slope of 1 between real and generated images. Long after the beginning, the slope \
        is still far from it: the weight is too small beside the loss, or the critic has had too few updates.

            .wasserstein(penalty: .gradient(weight: 10))
            .discriminator(.adam(1e-4, beta1: 0, beta2: 0.9), updatesPerStep: 5)
        """)

    static let criticReversed = Page(
        "a discriminator that is worse than a guess",
        """
        The difference between a critic's mean scores of real and of generated pairs estimates a distance, which cannot be \
        negative; another discriminator is right on at least half of the pairs. If it is otherwise for long, and the loss \
        above that of one score for all, the discriminator learns something else: mostly a penalty that outweighs its loss \
        by orders of magnitude. The usual weight of a gradient penalty is 10. Otherwise the critic does not keep up: give \
        it more updates for each of the generator's, or a higher rate. Look also for exchanged losses.
        """)
}
