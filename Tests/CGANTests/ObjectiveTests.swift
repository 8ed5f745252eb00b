import CGAN
import Foundation
import Graph
import Testing

/// Presets against the formulas of the literature, on one example whose scores are r and f.
@Suite("Objectives")
struct ObjectiveTests {
    private static func softplus(_ x: Double) -> Double { log1p(exp(-abs(x))) + max(x, 0) }
    private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    private func program(_ objective: Objective, probabilities: Bool = false, batch: Int = 1) throws -> Program {
        var model = SmallModel(discriminator: {
            Network {
                Inputs(.image, .label(.oneHot))
                Dense(1)
                if probabilities { Sigmoid() }
            }
        })
        model.objective = objective
        model.training = Training(batch: batch)
        return try Program(model)
    }

    /// Both losses and the scores they were computed from.
    private func evaluate(
        _ objective: Objective, probabilities: Bool = false, feeds: [String: TensorValue] = [:]
    ) throws -> (discriminator: Double, generator: Double, r: Double, f: Double) {
        let program = try program(objective, probabilities: probabilities)
        let d = try program.graph(of: "discriminator").evaluated(feeds)
        let g = try program.graph(of: "generator").evaluated(feeds)
        return (d["loss"]!.scalar, g["loss"]!.scalar, d["real"]!.scalar, d["fake"]!.scalar)
    }

    private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) < 1e-10 * max(1, abs(b)) }

    @Test("minimax: sp(−r) + sp(f) and −sp(f)")
    func minimax() throws {
        let v = try evaluate(.minimax())
        #expect(v.r != v.f)
        #expect(isClose(v.discriminator, Self.softplus(-v.r) + Self.softplus(v.f)))
        #expect(isClose(v.generator, -Self.softplus(v.f)))
    }

    @Test("non-saturating: sp(−r) + sp(f) and sp(−f)")
    func nonSaturating() throws {
        let v = try evaluate(.nonSaturating())
        #expect(isClose(v.discriminator, Self.softplus(-v.r) + Self.softplus(v.f)))
        #expect(isClose(v.generator, Self.softplus(-v.f)))
    }

    @Test("smoothed targets: t·sp(−x) + (1 − t)·sp(x) on each side")
    func smoothing() throws {
        let v = try evaluate(.nonSaturating(smoothing: .fixed(real: 0.9, fake: 0.2)))
        let real = 0.9 * Self.softplus(-v.r) + 0.1 * Self.softplus(v.r)
        let fake = 0.2 * Self.softplus(-v.f) + 0.8 * Self.softplus(v.f)
        #expect(isClose(v.discriminator, real + fake))
        let drawn = try evaluate(
            .nonSaturating(smoothing: .uniform(real: 0.7...1, fake: 0...0.3)),
            feeds: [
                "smoothing.real": TensorValue([1, 1], [0.9]), "smoothing.fake": TensorValue([1, 1], [0.2]),
            ])
        #expect(isClose(drawn.discriminator, v.discriminator))
    }

    @Test("binary cross-entropy of probabilities: −log r − log(1 − f) and −log f")
    func binaryCrossEntropy() throws {
        let v = try evaluate(.binaryCrossEntropy(), probabilities: true)
        #expect((0...1).contains(v.r) && (0...1).contains(v.f))
        #expect(isClose(v.discriminator, -log(v.r) - log(1 - v.f)))
        #expect(isClose(v.generator, -log(v.f)))
    }

    @Test("least squares: ½(r − 1)² + ½f² and ½(f − 1)²")
    func leastSquares() throws {
        let v = try evaluate(.leastSquares())
        #expect(isClose(v.discriminator, 0.5 * (v.r - 1) * (v.r - 1) + 0.5 * v.f * v.f))
        #expect(isClose(v.generator, 0.5 * (v.f - 1) * (v.f - 1)))
    }

    @Test("hinge: relu(1 − r) + relu(1 + f) and −f")
    func hinge() throws {
        let v = try evaluate(.hinge())
        #expect(isClose(v.discriminator, max(1 - v.r, 0) + max(1 + v.f, 0)))
        #expect(isClose(v.generator, -v.f))
    }

    @Test("Wasserstein: f − r and −f")
    func wasserstein() throws {
        let v = try evaluate(.wasserstein())
        #expect(isClose(v.discriminator, v.f - v.r))
        #expect(isClose(v.generator, -v.f))
    }

    /// A linear critic's slope is the norm of its weights, wherever it is taken.
    private func penalised(_ penalties: Objective, weights: Double) throws -> [String: Double] {
        let weight = TensorValue([19, 1], repeating: weights)
        let values = try program(penalties, batch: 2).graph(of: "discriminator").evaluated([
            "discriminator.dense1.weight": weight
        ])
        return values.mapValues(\.scalar)
    }

    @Test("the gradient penalty of a linear critic is λ(‖w‖ − 1)², and its slope is watched")
    func gradientPenalty() throws {
        // 16 pixel weights of 0.5: norm 2.
        let v = try penalised(.wasserstein(penalty: .gradient(weight: 10)), weights: 0.5)
        #expect(isClose(v["slope"]!, 2) && isClose(v["penalty"]!, 10))
        #expect(isClose(v["loss"]!, v["fake"]! - v["real"]! + 10))
    }

    @Test("the one-sided penalty spares slopes below 1")
    func oneSided() throws {
        let two = try penalised(.wasserstein(penalty: .gradient(weight: 10)), weights: 0.125)
        let one = try penalised(.wasserstein(penalty: .gradient(weight: 10, oneSided: true)), weights: 0.125)
        #expect(isClose(two["penalty"]!, 2.5) && one["penalty"]! == 0)
        let steep = try penalised(.wasserstein(penalty: .gradient(weight: 10, oneSided: true)), weights: 0.5)
        #expect(isClose(steep["penalty"]!, 10))
    }

    @Test("R1 and R2 are γ/2 · ‖w‖², and penalties add up")
    func zeroCentred() throws {
        let v = try penalised(.nonSaturating(penalty: .r1(gamma: 3), .r2(gamma: 5)), weights: 0.5)
        #expect(isClose(v["r1"]!, 6) && isClose(v["r2"]!, 10))
        let plain = try penalised(.nonSaturating(), weights: 0.5)
        #expect(isClose(v["loss"]!, plain["loss"]! + 16))
    }

    @Test("draws have stable names and are one for each example")
    func draws() throws {
        let graph = try program(
            .nonSaturating(smoothing: .uniform(real: 0.7...1, fake: 0...0.3), penalty: .gradient()), batch: 2
        ).graph(of: "discriminator")
        #expect(Set(graph.drawNames) == ["latent", "smoothing.real", "smoothing.fake", "alpha"])
        for node in graph.nodes {
            guard case .random(let draw, let shape) = node.op else { continue }
            switch draw.name {
            case "alpha": #expect(shape == [2, 1, 1, 1] && draw.distribution == .uniform(low: 0, high: 1))
            case "smoothing.real": #expect(shape == [2, 1] && draw.distribution == .uniform(low: 0.7, high: 1))
            case "smoothing.fake": #expect(shape == [2, 1] && draw.distribution == .uniform(low: 0, high: 0.3))
            default: #expect(shape == [2, 2] && draw.distribution == .normal(mean: 0, deviation: 1))
            }
        }
    }

    @Test("one-sided smoothing draws for the real pairs alone")
    func oneSidedSmoothing() throws {
        let graph = try program(.leastSquares(smoothing: .uniform(real: 0.7...1))).graph(of: "discriminator")
        #expect(Set(graph.drawNames) == ["latent", "smoothing.real"])
    }

    @Test("losses written out give the graph of the preset that says the same")
    func writtenOut() throws {
        let written = try Program(
            WrittenModel { model, batch in
                let fake = model.generator(batch.latent, batch.labels)
                let between = mix(batch.images, fake, by: batch.uniform(perExample: "alpha"))
                let slope = gradient(of: model.discriminator(between, batch.labels), wrt: between)
                let penalty = mean(square(norm(slope, per: .example) - 1))
                return Losses(
                    discriminator: mean(model.discriminator(fake, batch.labels))
                        - mean(model.discriminator(batch.images, batch.labels)) + 10 * penalty,
                    generator: -mean(model.discriminator(fake, batch.labels)))
            })
        var model = SmallModel()
        model.objective = .wasserstein(penalty: .gradient(weight: 10))
        let preset = try Program(model)
        for phase in ["discriminator", "generator"] {
            let a = try written.graph(of: phase).evaluated()["loss"]!.scalar
            let b = try preset.graph(of: phase).evaluated()["loss"]!.scalar
            #expect(isClose(a, b), "\(phase)")
        }
    }
}
