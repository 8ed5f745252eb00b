/// Zeros that do no harm.
extension Page {
    static let biasBeforeNormalisation = Page(
        "a bias before a normalisation",
        """
        The normalisation subtracts the mean, and a bias that is the same for all that is averaged goes with it. Its \
        gradient is zero but for rounding; with Adam, that rounding may move it about, without effect. Nothing is lost: \
        the normalisation has an offset of its own. To save the parameter, write bias: false.
        """)

    static let commonShift = Page(
        "a shift of all scores under a loss of differences",
        """
        Wasserstein and relativistic losses read differences of scores. A bias that shifts every score alike drops out: \
        its gradient is zero and its value means nothing. That is so by design; to save it, write Dense(1, bias: false).
        """)

    static let penaltyPastBiases = Page(
        "a penalty that does not act on biases",
        """
        The slope of a network of ReLU or LeakyReLU depends on which side of their kinks the inputs are, not on how far: \
        a bias changes it only in jumps, whose derivative is zero. So the gradient penalty moves the weights alone, and \
        the biases move by the rest of the loss. That is so in every framework.
        """)

    static let absentRows = Page(
        "rows of a table whose labels are absent from a batch",
        """
        A row of a label's table gets a gradient only in steps whose batch has that label. In the others its gradient is \
        exactly zero, which is right; with momentum it still moves. Worth a thought only when there are many more \
        classes than examples in a batch: most rows are then at rest most of the time, and a larger batch or a lower \
        β₂ helps.
        """)
}
