/// The article's claims, in its order.
extension Claim {
    private static let listing1 = "article-basic"
    private static let listing2 = "article-smoothing"
    private static let listing3 = "article-penalty"
    private static let minimax = "article-minimax"
    private static let base = "article-overpowered"
    private static func remedy(_ name: String) -> String { "article-overpowered-\(name)" }

    /// All of them.
    public static let all: [Claim] = titleClaims + mechanismClaims + causeClaims + remedyClaims

    // MARK: The title, and what vanishes

    private static let titleClaims = [listing1, base, remedy("hinge")].map { model in
        Claim(
            "Why are discriminator gradients zero", of: title(model),
            rule:
                "the discriminator's gradient norm falls below \(number(Thresholds.zero)) of what it was at the beginning",
            models: [model]
        ) { runs in
            guard let course = runs[model]?.discriminator else { return (nil, "not measured") }
            return (course.lowest < Thresholds.zero, "lowest \(number(course.lowest)) of the beginning")
        }
    }

    private static let mechanismClaims =
        [listing1, minimax, base].map { model in
            Claim(
                "the gradient … with respect to the generator's output … becomes vanishingly small", of: title(model),
                rule:
                    "where the discriminator is right on \(percent(Thresholds.sure)) of the pairs, the median gradient with "
                    + "respect to the images is below \(number(Thresholds.vanished)) of what it was at the beginning",
                models: [model]
            ) { runs in
                guard let share = runs[model]?.imageWhenSure else {
                    return (nil, "the discriminator was never sure")
                }
                return (share < Thresholds.vanished, "\(number(share)) of the beginning")
            }
        } + [
            Claim(
                "its gradient with respect to its own parameters might be non-zero", of: title(base),
                rule: "where the discriminator is sure, its own gradient is never zero "
                    + "(\(number(Thresholds.zero)) of the beginning)",
                models: [base]
            ) { runs in
                guard let lowest = runs[base]?.discriminatorLowestWhenSure else {
                    return (nil, "the discriminator was never sure")
                }
                return (lowest >= Thresholds.zero, "lowest \(number(lowest)) of the beginning")
            },
            Claim(
                "… allowing the discriminator to improve. However, the gradient … with respect to the generator's output … "
                    + "becomes vanishingly small", of: title(base),
                rule:
                    "where the discriminator is sure, the images' gradient has vanished and the discriminator's own has not: "
                    + "medians below and above \(number(Thresholds.vanished)) of the beginning",
                models: [base]
            ) { runs in
                guard let image = runs[base]?.imageWhenSure, let own = runs[base]?.discriminatorWhenSure else {
                    return (nil, "the discriminator was never sure")
                }
                return (
                    image < Thresholds.vanished && own >= Thresholds.vanished,
                    "images' \(number(image)), its own \(number(own)) of the beginning"
                )
            },
            Claim(
                "This essentially stops the generator from learning", of: "\(title(base)) beside \(title(minimax))",
                rule:
                    "no more than \(number(Thresholds.aboveChance)) times the share of chance of the generated images show "
                    + "the class that they are meant to, and without it more do",
                models: [base, minimax]
            ) { runs in
                guard let labels = runs[base]?.labels, let without = runs[minimax]?.labels else {
                    return (nil, "not measured")
                }
                let limit = Thresholds.aboveChance * labels.chance
                let numbers =
                    "\(percent(labels.generated)) show it, without it \(percent(without.generated)); by chance "
                    + "\(percent(labels.chance)), real images \(percent(labels.real))"
                guard labels.generated > limit || without.generated > limit else {
                    return (nil, "too few steps to tell: " + numbers)
                }
                return (labels.generated <= limit, numbers)
            },
        ]

    // MARK: What is said to make it worse

    private static let causeClaims = [
        harms(
            "Insufficient Generator Capacity: … leading to consistently low discriminator scores and vanishing gradients",
            remedy("narrow"), beside: base),
        harms(
            "Discriminator Overpowering: a discriminator that learns too quickly relative to the generator can overwhelm the "
                + "generator", base, beside: minimax),
        Claim(
            "… resulting in minimal gradient updates for the generator", of: title(base),
            rule:
                "the generator's updates, late, are below \(number(Thresholds.minimalUpdate)) of what they were at the "
                + "beginning, relative to its weights (Adam divides a gradient by its own size)",
            models: [base]
        ) { runs in
            guard let updates = runs[base]?.updates else { return (nil, "not measured") }
            return (updates < Thresholds.minimalUpdate, "\(number(updates)) of the beginning")
        },
        helps(
            "The delicate balance between generator and discriminator learning rates is critical", remedy("balanced"),
            beside: base),
    ]

    // MARK: What is said to help

    private static let smoothing =
        "label smoothing prevents the discriminator from becoming too confident, thus mitigating the risk of vanishing gradients"
    private static let penalty = "This stabilizes training and reduces the likelihood of vanishing gradients"

    private static let remedyClaims =
        [
            helps(smoothing, listing2, beside: listing1), helps(smoothing, remedy("smoothing"), beside: base),
        ] + [(listing2, listing1), (remedy("smoothing"), base)].map(delaysCertainty) + [
            helps(penalty, listing3, beside: listing1), helps(penalty, remedy("penalty"), beside: base),
        ] + [(listing3, listing1), (remedy("penalty"), base)].map(steadies)
        + [listing3, remedy("penalty")].map(holdsSlope)
        + [
            helps("a loss function that is less prone to saturation can help", remedy("non-saturating"), beside: base),
            helps(
                "… different discriminator architectures and loss functions can also lead to improved training stability",
                remedy("hinge"), beside: base),
            helps(
                "If the generator's architecture … lacks sufficient capacity …, it will struggle", remedy("wide"),
                beside: base),
            helps(
                "Wasserstein GANs … often address the vanishing gradient problem", remedy("wasserstein"), beside: base),
            Claim(
                "… more effectively", of: "\(title(remedy("wasserstein"))) beside + smoothing and + penalty",
                rule: "the images' gradient, late, relative to the beginning, is larger than with either",
                models: [remedy("wasserstein"), remedy("smoothing"), remedy("penalty")]
            ) { runs in
                let courses = ["wasserstein", "smoothing", "penalty"].map { runs[remedy($0)]?.image?.late }
                guard let own = courses[0], let smoothed = courses[1], let penalised = courses[2] else {
                    return (nil, "not measured")
                }
                return (
                    own > smoothed && own > penalised,
                    "\(number(own)), with smoothing \(number(smoothed)), with penalty \(number(penalised))"
                )
            },
        ]

    /// The claim that `model` keeps the gradient that reaches the generator, where `other` loses it.
    static func helps(_ quote: String, _ model: String, beside other: String) -> Claim {
        Claim(
            quote, of: "\(title(model)) beside \(title(other))",
            rule:
                "the images' gradient vanishes without it (a window below \(number(Thresholds.vanished)) of the beginning), "
                + "and is, late, at least \(number(Thresholds.factor)) times as large with it, relative to the beginning",
            models: [model, other]
        ) { runs in
            guard let with = runs[model]?.image, let without = runs[other]?.image else { return (nil, "not measured") }
            guard without.lowest < Thresholds.vanished else {
                return (nil, "nothing to mend: without it the lowest is \(number(without.lowest)) of the beginning")
            }
            return (
                with.late >= Thresholds.factor * without.late, "\(number(with.late)) beside \(number(without.late))"
            )
        }
    }

    /// The claim that `model` loses the gradient that reaches the generator more than `other` does.
    static func harms(_ quote: String, _ model: String, beside other: String) -> Claim {
        Claim(
            quote, of: "\(title(model)) beside \(title(other))",
            rule:
                "the images' gradient, late, relative to the beginning, is at most 1/\(number(Thresholds.factor)) of what it "
                + "is without",
            models: [model, other]
        ) { runs in
            guard let with = runs[model]?.image, let without = runs[other]?.image else { return (nil, "not measured") }
            return (
                with.late * Thresholds.factor <= without.late, "\(number(with.late)) beside \(number(without.late))"
            )
        }
    }

    private static func delaysCertainty(_ model: String, beside other: String) -> Claim {
        Claim(
            "prevents the discriminator from achieving perfect classification too early",
            of: "\(title(model)) beside \(title(other))",
            rule:
                "the discriminator is right on \(percent(Thresholds.sure)) of the pairs, on two watched lines in a row, later "
                + "than without, or never",
            models: [model, other]
        ) { runs in
            guard let with = runs[model], let without = runs[other] else { return (nil, "not measured") }
            guard let before = without.sureFrom else { return (nil, "without it the discriminator was never sure") }
            let step = with.sureFrom.map { "from step \($0)" } ?? "never"
            return ((with.sureFrom ?? .max) > before, "\(step), without it from step \(before)")
        }
    }

    private static func steadies(_ model: String, beside other: String) -> Claim {
        Claim(
            "This stabilizes training", of: "\(title(model)) beside \(title(other))",
            rule:
                "log₁₀ of the generator's gradient norm deviates less over the run's windows than without, where without it "
                + "the images' gradient is, late, above \(number(Thresholds.vanished)) of the beginning",
            models: [model, other]
        ) { runs in
            guard let with = runs[model]?.unsteadiness, let without = runs[other]?.unsteadiness else {
                return (nil, "not measured")
            }
            // What has come to rest is steady, and no better for it.
            guard (runs[other]?.image?.late ?? 1) >= Thresholds.vanished else {
                return (nil, "without it the gradient has vanished: \(number(with)) beside \(number(without))")
            }
            return (with < without, "deviation \(number(with)) beside \(number(without))")
        }
    }

    private static func holdsSlope(_ model: String) -> Claim {
        Claim(
            "a gradient penalty to encourage Lipschitz continuity", of: title(model),
            rule: "the slope that is to be 1 is, late, \(number(Thresholds.slope.lowerBound)) to "
                + "\(number(Thresholds.slope.upperBound))",
            models: [model]
        ) { runs in
            guard let slope = runs[model]?.slope else { return (nil, "not measured") }
            return (Thresholds.slope.contains(slope), "slope \(number(slope))")
        }
    }

    private static func title(_ model: String) -> String { ArticleModel.named(model)?.title ?? model }
    private static func number(_ value: Double) -> String { PlotNumber.text(value) }
    private static func percent(_ share: Double) -> String { PlotNumber.percent(share) }
}
