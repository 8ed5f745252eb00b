/// A term of the discriminator's loss that holds its slope down; written in the expressions that a model file may use.
public struct Penalty {
    /// What a penalty is computed from.
    struct Setting {
        var batch: Batch
        var discriminator: Network
        var generated: Tensor
    }

    /// The term, and what to watch with it.
    struct Term {
        var value: Tensor
        var tracking: [(name: String, value: Tensor)]
    }

    let name: String
    let weight: Double
    let term: (Setting) -> Term

    /// `weight · mean((‖∇D(x̂, y)‖ − 1)²)` at `x̂ = α·real + (1 − α)·generated`, with `α ~ U(0, 1)` drawn for each
    /// example (the draw `alpha`, `[B, 1, 1, 1]`), the norm over all pixels of an example, and the example's own label
    /// for both ends (Gulrajani 2017, equation 3).
    ///
    /// Watched with it: `slope`, the mean norm, and `penalty`, the term itself.
    /// - Parameters:
    ///   - oneSided: if true, only slopes above 1 cost (Petzka 2018).
    ///   - epsilon: added below the norm's root.
    public static func gradient(weight: Double = 10, oneSided: Bool = false, epsilon: Double = 1e-12) -> Penalty {
        Penalty(name: "penalty", weight: weight) { setting in
            let batch = setting.batch
            let alpha = batch.uniform(perExample: "alpha")
            let between = mix(batch.images, setting.generated, by: alpha)
            let slopes = CGAN.gradient(of: setting.discriminator(between, batch.labels), wrt: between)
            let slope = norm(slopes, per: .example, epsilon: epsilon)
            let excess = oneSided ? relu(slope - 1) : slope - 1
            let penalty = weight * mean(square(excess))
            return Term(value: penalty, tracking: [("slope", mean(slope)), ("penalty", penalty)])
        }
    }

    /// `γ/2 · mean(‖∇D(real, y)‖²)` (Mescheder 2018); watched as `r1`.
    public static func r1(gamma: Double = 10) -> Penalty {
        Penalty(name: "r1", weight: gamma) { setting in
            zeroCentred("r1", gamma, at: setting.batch.images, setting)
        }
    }

    /// `γ/2 · mean(‖∇D(generated, y)‖²)` (Mescheder 2018); watched as `r2`.
    public static func r2(gamma: Double = 10) -> Penalty {
        Penalty(name: "r2", weight: gamma) { setting in
            zeroCentred("r2", gamma, at: setting.generated, setting)
        }
    }

    private static func zeroCentred(_ name: String, _ gamma: Double, at images: Tensor, _ setting: Setting) -> Term {
        let slopes = CGAN.gradient(of: setting.discriminator(images, setting.batch.labels), wrt: images)
        let penalty = gamma / 2 * mean(sum(square(slopes), per: .example))
        return Term(value: penalty, tracking: [(name, penalty)])
    }
}
