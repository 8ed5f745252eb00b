extension Objective {
    /// The game as first stated, kept to show how it fails: the discriminator lowers `sp(−r) + sp(f)`, the generator
    /// `−sp(f)`, whose gradient vanishes as soon as the discriminator wins (Goodfellow 2014, equation 1). On logits.
    public static func minimax(
        smoothing: Smoothing = .none, penalty: Penalty..., fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) -> Objective {
        Objective("minimax", of: .logits, penalties: penalty, at: sourceLocation(fileID, line, column)) { scores in
            Losses(
                discriminator: logitLoss(scores, smoothing),
                generator: -mean(softplus(scores.fake)))
        }
    }

    /// The discriminator lowers `sp(−r) + sp(f)`, the generator `sp(−f)` (Goodfellow 2014, section 3). On logits.
    public static func nonSaturating(
        smoothing: Smoothing = .none, penalty: Penalty..., fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) -> Objective {
        Objective("nonSaturating", of: .logits, penalties: penalty, at: sourceLocation(fileID, line, column)) {
            scores in
            Losses(
                discriminator: logitLoss(scores, smoothing),
                generator: mean(softplus(-scores.fake)))
        }
    }

    /// Cross-entropy of probabilities, clipped to `1e-7 ... 1 − 1e-7`, as Keras computes it: of the discriminator
    /// against 1 on real and 0 on generated pairs, of the generator against 1. The discriminator ends in ``Sigmoid``.
    public static func binaryCrossEntropy(
        smoothing: Smoothing = .none, penalty: Penalty..., fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) -> Objective {
        Objective(
            "binaryCrossEntropy", of: .probabilities, penalties: penalty, at: sourceLocation(fileID, line, column)
        ) { scores in
            let targets = smoothing.targets(for: scores.batch)
            let real = mean(CGAN.binaryCrossEntropy(probabilities: scores.real, targets: targets.real))
            let fake = mean(CGAN.binaryCrossEntropy(probabilities: scores.fake, targets: targets.fake))
            return Losses(
                discriminator: real + fake,
                generator: mean(CGAN.binaryCrossEntropy(probabilities: scores.fake, targets: 1)))
        }
    }

    /// The discriminator lowers `½(r−1)² + ½f²`, the generator `½(f−1)²` (Mao 2017, equation 9).
    public static func leastSquares(
        smoothing: Smoothing = .none, penalty: Penalty..., fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) -> Objective {
        Objective("leastSquares", of: .either, penalties: penalty, at: sourceLocation(fileID, line, column)) { scores in
            let targets = smoothing.targets(for: scores.batch)
            let real = mean(square(scores.real - targets.real))
            let fake = mean(square(scores.fake - targets.fake))
            return Losses(
                discriminator: 0.5 * real + 0.5 * fake,
                generator: 0.5 * mean(square(scores.fake - 1)))
        }
    }

    /// The discriminator lowers `relu(1−r) + relu(1+f)`, the generator `−f` (Lim & Ye 2017).
    public static func hinge(
        penalty: Penalty..., fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) -> Objective {
        Objective("hinge", of: .logits, penalties: penalty, at: sourceLocation(fileID, line, column)) { scores in
            Losses(
                discriminator: mean(relu(1 - scores.real)) + mean(relu(1 + scores.fake)),
                generator: -mean(scores.fake))
        }
    }

    /// The discriminator, here a critic, lowers `f − r`, the generator `−f` (Arjovsky 2017); it needs a penalty that
    /// keeps the critic's slope near 1.
    public static func wasserstein(
        penalty: Penalty..., fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) -> Objective {
        Objective("wasserstein", of: .logits, penalties: penalty, at: sourceLocation(fileID, line, column)) { scores in
            Losses(
                discriminator: mean(scores.fake) - mean(scores.real),
                generator: -mean(scores.fake))
        }
    }

    /// Cross-entropy of logits against the smoothed targets, on real and on generated pairs.
    private static func logitLoss(_ scores: Scores, _ smoothing: Smoothing) -> Tensor {
        let targets = smoothing.targets(for: scores.batch)
        return mean(crossEntropy(logits: scores.real, targets: targets.real))
            + mean(crossEntropy(logits: scores.fake, targets: targets.fake))
    }
}
