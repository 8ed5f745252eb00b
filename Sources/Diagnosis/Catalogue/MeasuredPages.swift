/// What shows in a run's metrics: how the losses and the discriminator stand.
extension Page {
    static let nonFinite = Page(
        "a value that is no longer finite",
        """
        A loss or a gradient became infinite, or not a number, and the run stopped before the parameters took it in. cganc \
        runs the step again from the last good state with checks on, and names the first operation whose result is not \
        finite, with its place in the model's file and the largest and smallest of what went in.

        An overflow of exp, a logarithm or a quotient of 0 and the root of a number below 0 are mended where they stand: \
        use crossEntropy(logits:targets:) or softplus instead of exp and log, add a small number below a root. If every \
        operation is harmless the weights have grown until a sum overflows; see GZ209.
        """)

    static let narrowImages = Page(
        "images that use hardly any of their range",
        """
        Images are scaled from bytes 0 ... 255 to -1 ... 1. Within a class, the real images differ by almost nothing: \
        mostly the file holds 0 and 1, or 0 ... 15, where 0 ... 255 is meant, so that all of them are near -1. A tanh can \
        then give the right images with one constant, and nothing is learnt. Rescale the data to 0 ... 255.
        """)

    static let generatorVanishes = Page(
        "the generator's gradient vanishes because the discriminator is sure",
        """
        Under the loss log(1 - D(G(z))) the generator's gradient is multiplied by sigmoid'(logit) of its images, which the \
        metrics give as sigmoid.slope.fake: 0.25 where the discriminator cannot tell, near 0 where it is sure. The better \
        the discriminator, the smaller the gradient (Goodfellow 2014, section 3; Arjovsky & Bottou 2017).

            var objective: Objective { .nonSaturating() }    the same game with a gradient where it is needed
            var objective: Objective { .hinge() }
            var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }

        Smoothed targets, fewer updates of the discriminator or a lower rate for it keep it from being sure.
        """)

    static let clippedLoss = Page(
        "a loss that sits on its clip",
        """
        Probabilities are kept away from 0 before a logarithm, and beyond that the loss is constant and its gradient \
        exactly zero. The value tells which clip it is:

            16.118  = -ln 1e-7, the clip of Keras and of .binaryCrossEntropy
            15.942  its upper side in single precision: 1 - 1e-7 rounds to 1 - 2^-23
            16.030  the mean of both
            15.425  the upper side in an older form, -ln(2e-7)
            13.816  = -ln 1e-6
            18.421  = -ln 1e-8
            100     the clamp of PyTorch's BCELoss

        A generator's loss there means that the discriminator is so sure that no gradient comes back. Compute the loss \
        from logits: crossEntropy(logits:targets:), or .nonSaturating() without a last Sigmoid().
        """)

    static let discriminatorOverpowers = Page(
        "the discriminator overpowers the generator",
        """
        The discriminator is right on nearly every pair for a long time, while the generator's loss climbs or its gradient \
        fades: what comes back no longer tells the generator where to go. Hold the discriminator back.

            .nonSaturating(smoothing: .fixed(real: 0.9))                 it is never certain (Salimans 2016)
            .nonSaturating(penalty: .r1(gamma: 10))                      its slope is held down (Mescheder 2018)
            .discriminator(.adam(1e-4)).generator(.adam(4e-4))           two rates (Heusel 2017)
            .generator(.adam(2e-4), updatesPerStep: 2)                   more updates of the generator
        """)

    static let discriminatorConstant = Page(
        "the discriminator gives every pair the same score",
        """
        Its scores do not tell real from generated pairs, and its loss stands at the value of a guess: 2 ln 2 = 1.386 for \
        cross-entropies (ln 2 = 0.693 for each half), 2 for the hinge loss, 0 for a critic. A healthy game passes near \
        these values, but moves about them; here the loss stands still. Mostly its rate is too high, so that its units died, \
        or too low, or its initial weights leave nothing to work with.
        """)

    static let discriminatorOverfits = Page(
        "the discriminator knows the training images by heart",
        """
        After many passes over a small data set the discriminator knows every image in it, and takes real images that it has \
        not seen for generated ones: the mean of its logits on held-out images lies more than half of the way from that on \
        training images to that on generated ones (Karras 2020, section 3.2, r_v). Held out are the test images of the data's \
        folder; where it has none, a discriminator that is sure of every pair after 20 passes is taken for one that \
        overfits. More data mend it. What holds the slope on real images down, .r1(gamma: 10), a smaller network and Dropout \
        put it off: of 64 images any of them knows enough in the end, and the generator is best just before.
        """)

    static let generatorStalls = Page(
        "the generator cannot follow",
        """
        A gradient reaches the generator, and all the same its loss climbs for a long time: it has too few parameters to \
        follow a discriminator that has many times more. Give it wider layers, or the discriminator narrower ones.
        """)

    static let labelIgnored = Page(
        "the label has no effect",
        """
        With every label turned to another class, the discriminator's scores or the generator's images stay as they are \
        (label.effect.discriminator, label.effect.generator). What ignores the label cannot teach it, or was not taught it. \
        Let the label meet the features: Inputs(.image, .label(.projection)) (Miyato & Koyama 2018), or a label for each \
        pixel with .label(.embeddedPlane).
        """)

    static let modeCollapse = Page(
        "images of a class are all alike",
        """
        The deviation of generated pixels about the mean of their class (spread.class.fake) is a small part of that of real \
        images: the generator answers a label with one picture, whatever the latent is (Goodfellow 2016, section 5.1.1). \
        A Wasserstein loss with a penalty, a lower rate of the generator, or more updates of the discriminator bring the \
        spread back; or go on from an earlier checkpoint.
        """)
}
