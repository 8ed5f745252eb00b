import CGAN
import Compiler
import Graph
import Models
import Testing

@Suite("Shipped models through the compiler")
struct ShippedModelTests {
    @Test("every shipped model compiles to kernels whose memory plan holds", arguments: ShippedModel.all.map(\.name))
    func compiles(name: String) throws {
        let compilation = try Compilation(try ShippedModel.named(name)!.program())
        for function in compilation.lowered.allFunctions {
            #expect(!function.kernels.isEmpty)
            #expect(throws: Never.self) { try function.checkPlan() }
        }
    }

    /// The least arithmetic of a step with direct methods: no gradient of G in D's update, no input gradient of the
    /// first layer, nothing of the penalty that no parameter depends on.
    @Test(
        "a step's contractions are no more than the least arithmetic",
        arguments: [
            ("mlp-cgan", 2.06), ("mlp-wgan-gp", 2.81), ("dcgan-wgan-gp", 14.0), ("dcgan-bn-bce", 10.58),
            ("dcgan32-wgan-gp", 36.23),
        ])
    func arithmetic(name: String, bound: Double) throws {
        let compilation = try Compilation(try ShippedModel.named(name)!.program())
        let flops = Double(compilation.lowered.contractionFLOPs) / 1e9
        #expect(flops < bound && flops > bound * 0.9, "\(flops) GFLOP")
    }
}
