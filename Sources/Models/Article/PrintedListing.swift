import CGAN

/// A listing of the article as it is printed, or as its framework takes it: a model that is read and checked, not trained.
public struct PrintedListing: Sendable {
    /// The model file's name.
    public let file: String
    /// What the article prints.
    public let printed: String
    /// What that does in the framework that it is printed for.
    public let inFramework: String
    /// The model's text.
    public let source: String
    private let make: @Sendable () -> any ConditionalGAN

    private init(
        _ file: String, _ make: @escaping @Sendable () -> any ConditionalGAN, _ source: [UInt8], printed: String,
        inFramework: String
    ) {
        self.file = file
        self.printed = printed
        self.inFramework = inFramework
        self.source = String(decoding: source, as: UTF8.self)
        self.make = make
    }

    /// The model's program.
    ///
    /// - Throws: what is wrong with the model.
    public func program() throws -> Program { try Program(make()) }

    /// The places at which the listings fail as printed.
    public static let all = [
        PrintedListing(
            "PrintedNorm.swift", { PrintedNorm() }, PackageResources.PrintedNorm_txt,
            printed: "norm = tf.norm(grad, axis=[1, 2, 3])",
            inFramework:
                "tf.norm takes one axis or two and refuses three: the third listing does not run; here it is the sum "
                + "over three axes that it means, which is right"),
        PrintedListing(
            "PrintedNormOfTwoAxes.swift", { PrintedNormOfTwoAxes() }, PackageResources.PrintedNormOfTwoAxes_txt,
            printed: "norm = tf.norm(grad, axis=[1, 2])",
            inFramework: "runs, and gives one norm for each channel of a colour image instead of one for each example"),
        PrintedListing(
            "PrintedTargets.swift", { PrintedTargets() }, PackageResources.PrintedTargets_txt,
            printed: "tf.random.uniform((real_output.shape[0],), minval=0.7, maxval=1.0)",
            inFramework: "targets [B] meet outputs [B, 1], and are stretched over all pairs without a word"),
        PrintedListing(
            "PrintedTargetsStretched.swift", { PrintedTargetsStretched() },
            PackageResources.PrintedTargetsStretched_txt,
            printed: "the same, as it is then computed: [B, 1] against [1, B]",
            inFramework: "every output is held against the target of every example"),
        PrintedListing(
            "PrintedLogits.swift", { PrintedLogits() }, PackageResources.PrintedLogits_txt,
            printed: "tf.keras.losses.binary_crossentropy(tf.ones_like(real_output), real_output)",
            inFramework: "from_logits is false by default: the logits of a Dense(1) are clipped as if they were "
                + "probabilities, and where the clip cuts, the gradient is zero"),
    ]
}
