import CGAN
import Compiler
import Emission
import Models
import Testing

@Suite("Optimisers' moments")
struct MomentTests {
    @Test(
        "an optimiser keeps the means that its formula needs, and no others",
        arguments: [
            (Optimizer.adam(rate: 1e-4, beta1: 0.5, beta2: 0.9, epsilon: 1e-8), true, true),
            (.adam(rate: 1e-4, beta1: 0, beta2: 0.9, epsilon: 1e-8), false, true),
            (.rmsProp(rate: 1e-4, decay: 0.9, epsilon: 1e-8), false, true),
            (.sgd(rate: 0.1, momentum: 0.9, nesterov: true), true, false),
            (.sgd(rate: 0.1, momentum: 0, nesterov: false), false, false),
        ])
    func kept(optimizer: Optimizer, first: Bool, second: Bool) {
        #expect(optimizer.keepsFirstMoment == first && optimizer.keepsSecondMoment == second)
    }

    @Test(
        "a library holds the moments that its optimisers keep", arguments: [("mlp-wgan-gp", false), ("mlp-cgan", true)])
    func manifest(name: String, first: Bool) throws {
        let emitted = try Compilation(try #require(ShippedModel.named(name)).program(batch: 2)).emit()
        let kinds = Set(emitted.manifest.tensors.map(\.kind))
        #expect(kinds.contains(.firstMoment) == first && kinds.contains(.secondMoment))
        #expect(emitted.source.contains("KEEPS_FIRST_MOMENTS = \(first ? 1 : 0),"))
    }
}
