/// Values that leave no gradient.
extension Page {
    static let meanOfNormalised = Page(
        "the mean of normalised values",
        """
        Normalised values have mean 0, whatever they were computed from. Averaged over the axes that they were \
        normalised over, they give the offset alone: mean(scale · x̂ + offset) = offset. The gradient of everything \
        before the normalisation is zero. A batch normalisation as a critic's last layer under a loss of means is one \
        case; another is a normalisation of each channel over the pixels before a global average pooling.

        Remove one of the two, or put a layer that is not linear between them.
        """)

    static let softmaxOverOne = Page(
        "a softmax over a single unit",
        """
        A softmax divides by the sum over its axis. Over one unit that is x / x: the result is 1 for every input and the \
        gradient 0. A probability of two outcomes is sigmoid(x); and a loss that takes logits needs neither.
        """)

    static let normalisedSingleValue = Page(
        "a normalisation over one value or two",
        """
        The mean of one value is the value itself, so the normalised value is 0 whatever the network does. Of two values \
        the normalised ones are +1 and -1: only which is larger is left, and the gradient is of the order of epsilon. \
        Normalise over more: a larger batch, a LayerNorm over more features, or no normalisation at this place.

        Batch normalisation over one value is refused before (M018).
        """)

    static let zeroFactor = Page(
        "a factor that is always zero",
        """
        A value, and with it the gradient, is multiplied by something that is zero whatever happens: the number 0, a draw \
        that can only be 0 (a dropout that keeps nothing), a weight of 0. A layer Dropout(1) is refused before (M006).
        """)

    static let squashedLogarithm = Page(
        "a sigmoid followed by a logarithm",
        """
        log(sigmoid(x)) is almost a straight line where the loss matters most, and its gradient is fine; computed in two \
        steps it is not. The sigmoid rounds to 0 or 1, so the logarithm is kept away from 0 by a clip or an added number, \
        and there the gradient is exactly zero: Keras clips at 1e-7, beyond a logit of ±16.12, and the loss sits at \
        16.118. A discriminator that wins therefore stops its own gradient and the generator's.

            crossEntropy(logits: scores, targets: 1)     the same loss, computed from the logits
            var objective: Objective { .nonSaturating() }

        The models article-* have this on purpose: it is what their article is about. Where nothing stands between the \
        two, cganc computes −softplus(−x) instead, and says so.
        """)

    static let squashedScore = Page(
        "a squashed score under a loss that takes plain ones",
        """
        Wasserstein, hinge and logit losses take any number. A sigmoid or a tanh at the discriminator's end squashes the \
        score before, and its derivative, at most ¼ for a sigmoid and near zero as soon as the discriminator is sure, \
        multiplies every gradient. For logit losses it is applied twice. A rectifier at the end has no gradient at all \
        for scores below zero. End the discriminator with Dense(1).

        For the presets .wasserstein, .hinge, .minimax and .nonSaturating, a last Sigmoid() is refused before (M013).
        """)

    static let lastingInitialValues = Page(
        "initial values that training cannot change",
        """
        Either these parameters begin where their gradient is zero whatever the batch is, and stay there because it is \
        zero as long as they do: a layer of zeros before a rectifier and behind it. Or all units of a layer begin alike \
        and get the same gradient, so that they stay alike for ever and the layer is worth one unit. Both are proved as \
        an invariant of the whole training: if it holds before a step, it holds after it.

        Leave the initialiser out, or draw the weights: Dense(64, initializer: .normal(deviation: 0.05)). A single layer \
        of zeros, such as the last of a residual branch, is fine and is not reported.
        """)

    static let deadRectifier = Page(
        "a rectifier that no input wakes",
        """
        What enters the rectifier is at most 0 for every input that the model can get, so that its result and its \
        derivative are 0, and what lies before it never changes. Images lie in -1 ... 1, one-hot labels in 0 ... 1, a \
        tanh in -1 ... 1, an initial weight within 5.77 deviations, which is as far as the emitted generator of normal \
        numbers reaches. The proof is an invariant: as long as no gradient arrives, nothing moves.

        Begin the bias at 0, or use LeakyReLU(0.2).
        """)

    static let cancellingGradient = Page(
        "a gradient that cancels",
        """
        Contributions to this gradient reach the parameter and cancel each other, whatever the numbers are. The value of \
        the loss does not depend on the parameter at all. Look for the same term with both signs, such as x - x, or for \
        two losses that are each other's negative.
        """)

    static let coupledPenalty = Page(
        "batch normalisation under a penalty for each example",
        """
        A gradient penalty takes the gradient of the sum of all scores and reads off each example's own slope. That is \
        right only if an example's score depends on that example alone; batch normalisation mixes them (Gulrajani 2017, \
        section 4). Use LayerNorm() in the discriminator; the generator may keep its batch normalisation.

        For the presets this is refused before (M024).
        """)

    static let pairedTargets = Page(
        "targets that meet every score",
        """
        [B, 1] and [1, B] stretch to [B, B]: the loss then compares each score with the targets of all examples. The \
        mean over all pairs is lowered by one and the same score for every example, and the gradient of what tells \
        examples apart is zero. Targets have the scores' shape, [B, 1].

        [B] against [B, 1] is refused before (M014).
        """)

    static let slopeOfOneAxis = Page(
        "a slope that is not taken for each example",
        """
        The penalty of Gulrajani 2017 is on the norm of each example's gradient over all its pixels and channels. A sum \
        over some of the axes gives many short norms for each example, a sum over the batch one long norm for all: the \
        penalty then holds down something else, by orders of magnitude.

            let slope = norm(gradient(of: scores, wrt: between), per: .example)
        """)
}
