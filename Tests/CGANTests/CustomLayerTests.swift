import CGAN
import Testing

/// A layer of one's own, written as in a model file: with what `import CGAN` gives.
private struct LayerScale: Layer {
    let initial: Double
    let location: Location

    init(_ initial: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column) {
        self.initial = initial
        location = Location(fileID: fileID, line: line, column: column)
    }

    func apply(to x: Tensor, in context: LayerContext) -> Tensor {
        let scale = context.parameter("scale", [1], layout: "one", from: .constant(initial))
        return x * reshape(scale, to: Array(repeating: 1, count: x.rank))
    }
}

@Suite("Layers of one's own")
struct CustomLayerTests {
    @Test("a layer in the model's file is named after its type and has parameters like any other")
    func own() throws {
        let program = try Program(
            SmallModel(discriminator: {
                Network {
                    Inputs(.image, .label(.ignored))
                    LayerScale(0.5)
                    Dense(1)
                    LayerScale(3)
                }
            }))
        let own = program.parameters.filter { $0.network == "discriminator" }
        #expect(
            own.map(\.name) == [
                "discriminator.layerScale1.scale", "discriminator.dense1.weight", "discriminator.dense1.bias",
                "discriminator.layerScale2.scale",
            ])
        #expect(own[0].initializer == .constant(0.5) && own[3].initializer == .constant(3))
        #expect(own[0].location?.file.hasSuffix("CustomLayerTests.swift") == true)
        #expect(program.layers.first { $0.name == "discriminator.layerScale1" }?.kind == "LayerScale()")
    }
}
