/// Gradients that find no way.
extension Page {
    static let lossWithoutNetwork = Page(
        "a loss that does not use the network it trains",
        """
        The phase that updates a network lowers that network's loss. If the loss is computed without the network, its \
        gradient is zero and every update leaves the network as it is. It happens when images are passed where the \
        discriminator's scores are meant, or when the two losses are exchanged.

            let real = discriminator(batch.images, batch.labels)
            let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
            return Losses(
                discriminator: mean(softplus(-real)) + mean(softplus(fake)),
                generator: mean(softplus(-fake)))
        """)

    static let unusedParameter = Page(
        "a parameter without a part in the loss",
        """
        The parameter exists, is kept and saved, and never changes: nothing that the loss reads is computed from it, or \
        no phase updates the network it belongs to. Mostly a layer's result was computed and not returned.

        With --allow GZ002 the model compiles without the warning.
        """)

    static let cutGradient = Page(
        "a gradient that is cut on its only way",
        """
        The value arrives at the loss, but no derivative comes back: every path from the loss to the parameters runs \
        through an operation that has none. The finding shows the edge that cuts, both its ends, and what lies behind it.

            stopGradient(x)       passes the value and stops the gradient: that is what it is for
            argmax(x)             is a position, a whole number
            a > b, floor, round   are constant but for jumps

        Other frameworks need the generator's images detached while the discriminator is trained. Here each phase \
        differentiates with respect to its own network alone, so nothing has to be detached, and a detached image in the \
        generator's loss leaves the generator without a gradient. For a rounded value with the gradient of what was \
        rounded, write x + stopGradient(rounded - x) (Bengio 2013); for a choice, a softmax.
        """)

    static let labelUnreached = Page(
        "the label never reaches the score",
        """
        The discriminator's score is the same whatever the label is: ∂D/∂y is zero by construction. It then judges \
        images alone, and nothing ever asks the generator for the class that it was given. The same is said of a \
        generator whose images do not depend on the label.

            Inputs(.image, .label(.projection))     ψ(h) + ⟨embed(y), h⟩ (Miyato & Koyama 2018)
            Inputs(.image, .label(.embeddedPlane))  a learned image beside the image
            Inputs(.image, .label(.oneHot))         a vector after the flattened image

        It is a warning where the network's Inputs say .label(.ignored), an error where the label is joined and then \
        lost.
        """)

    static let labelCancels = Page(
        "the label reaches the loss only through a term that cancels",
        """
        The score depends on the label, but only by a term of the label alone: D(x, y) = ψ(x) + b(y). A loss that \
        compares scores of real and generated images with the same labels subtracts that term from itself, and what is \
        left does not depend on the label. Let image and label meet before the last sum: a projection, or the label \
        beside the image or the features, with a layer above.

            Inputs(.image, .label(.projection))
        """)

    static let oneSidedLoss = Page(
        "the discriminator's loss sees only one side",
        """
        A discriminator learns to tell real images from generated ones. Its loss reads scores of one kind only, so that \
        it is lowered by giving every image the same score, and its gradient for the generator fades. Mostly the same \
        tensor was passed twice.

            mean(softplus(-discriminator(batch.images, batch.labels)))
                + mean(softplus(discriminator(generator(batch.latent, batch.labels), batch.labels)))
        """)

    static let penaltyWithoutEffect = Page(
        "a penalty without effect",
        """
        A gradient penalty changes the discriminator only if the loss contains it: a term that is computed and watched, \
        or whose gradient is stopped, costs time and holds nothing down. Its effect needs the gradient of a gradient, \
        which cganc derives; it is enough to add the term to the loss.

            return Losses(
                discriminator: critic + 10 * mean(square(slope - 1)),
                generator: -mean(fake),
                tracking: ["slope": mean(slope)])
        """)
}
