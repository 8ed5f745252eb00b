import Emission
import Foundation
import Native
import Testing

@testable import Training

/// What becomes of a phase's parameters where weights are updated beside the products that are their gradients.
@Suite("Updates beside products")
struct LeftProductTests {
    /// The discriminator of ``WideLayers`` with all weights the same: its second layer's gradient is, for each of its
    /// elements, `hidden` times the gradient of the bias.
    private func model(hidden: Double, second: Double, last: Double) async throws -> NativeModel {
        let built = try await BuiltModel.wideLayers.value
        #expect(built.compilation.lowered.phases.map { $0.function.kernels.count(where: \.isLeft) } == [1, 1])
        let model = try built.model()
        for (name, value) in [
            ("dense1.weight", 0), ("dense1.bias", hidden), ("dense2.weight", 0), ("dense2.bias", second),
            ("dense3.weight", last),
        ] {
            let index = try #require(model.index(of: "discriminator.\(name)", .parameter))
            let count = model.manifest.tensors[index].shape.reduce(1, *)
            try model.set(tensor: index, to: [Double](repeating: value, count: count))
        }
        return model
    }

    private func values(_ name: String, _ kind: Manifest.Kind, _ model: NativeModel) throws -> [Double] {
        try model.values(ofTensor: try #require(model.index(of: "discriminator.\(name)", kind)))
    }

    @Test("operands so large that they bound no gradient change no number", arguments: [1e3, 1e19])
    func largeOperands(hidden: Double) async throws {
        let model = try await model(hidden: hidden, second: 1, last: 1e-3)
        let source = try ExampleSource(BuiltModel.glyphs, model: model)
        _ = try model.runPhase(0, step: 0, batch: try source.batch(step: 0))
        let (gradients, biases) = (
            try values("dense2.weight", .gradient, model), try values("dense2.bias", .gradient, model)
        )
        let weights = try values("dense2.weight", .parameter, model)
        for (index, gradient) in gradients.enumerated() {
            let expected = hidden * biases[index % 256]
            #expect(expected != 0 && abs(gradient - expected) <= 1e-5 * abs(expected), "element \(index)")
            // Adam's first step is the rate, against the gradient's sign, however large that is.
            #expect(abs(weights[index] + (gradient > 0 ? 1e-3 : -1e-3)) <= 1e-8, "element \(index)")
        }
        let norms = try model.norms()[
            try #require(
                model.manifest.tensors.filter { $0.kind == .gradient }
                    .firstIndex { $0.name == "discriminator.dense2.weight" })]
        let norm = gradients.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(norms.gradient - norm) <= 1e-6 * norm && abs(norms.update - 0.256) < 1e-6)
    }

    @Test("a gradient that overflows leaves the parameters and moments of its phase, and is named")
    func overflow() async throws {
        let model = try await model(hidden: 1e30, second: 1e-12, last: 1e10)
        let source = try ExampleSource(BuiltModel.glyphs, model: model)
        let kinds: [Manifest.Kind] = [.parameter, .firstMoment, .secondMoment]
        func state() throws -> [[UInt8]] {
            try model.manifest.tensors.indices.filter { kinds.contains(model.manifest.tensors[$0].kind) }
                .map { [UInt8](try model.bytes(ofTensor: $0)) }
        }
        let before = try state()
        let error = #expect(throws: NativeError.self) {
            try model.runPhase(0, step: 0, batch: try source.batch(step: 0))
        }
        #expect(
            error?.message.contains("the gradient of discriminator.dense2.weight is not finite") == true,
            "\(error?.message ?? "")")
        #expect(try state() == before)
        #expect(try values("dense2.weight", .gradient, model).contains { !$0.isFinite })
        // The other network's phase is none the worse for it.
        _ = try? model.runPhase(1, step: 0, batch: try source.batch(step: 0))
        #expect(try values("dense2.weight", .parameter, model).allSatisfy { $0 == 0 })
    }
}
