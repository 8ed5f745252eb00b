import Graph
import Testing

@testable import CGAN

/// What each layer makes of a shape, and which parameters it has: names, shapes, layouts.
@Suite struct LayerShapeTests {
    /// Layers, the shape given to them, the result's, and the parameters.
    struct Row: Sendable, CustomTestStringConvertible {
        let layers: @Sendable () -> Network
        let input: Shape
        let output: [Int]
        let parameters: [String]
        var testDescription: String { layers().layers.map(\.summary).joined(separator: "; ") }

        init(
            _ input: Shape, to output: [Int], _ parameters: [String] = [],
            @NetworkBuilder _ layers: @escaping @Sendable () -> Network
        ) {
            self.layers = layers
            self.input = input
            self.output = output
            self.parameters = parameters
        }
    }

    static let rows: [Row] = [
        Row([6, 5], to: [6, 7], ["dense1.weight [5, 7] in,out", "dense1.bias [7] channel"]) { Dense(7) },
        Row([6, 4, 3, 2], to: [6, 7], ["dense1.weight [24, 7] in,out"]) { Dense(7, bias: false) },
        Row([6, 8, 8, 3], to: [6, 4, 4, 5], ["conv1.weight [4, 4, 3, 5] HWIO", "conv1.bias [5] channel"]) {
            Conv(5, kernel: 4, stride: 2)
        },
        Row([6, 7, 9, 3], to: [6, 4, 5, 5], ["conv1.weight [4, 4, 3, 5] HWIO"]) {
            Conv(5, kernel: 4, stride: 2, bias: false)
        },
        Row([6, 7, 9, 3], to: [6, 2, 3, 5], ["conv1.weight [4, 4, 3, 5] HWIO", "conv1.bias [5] channel"]) {
            Conv(5, kernel: 4, stride: 2, padding: .valid)
        },
        Row([6, 7, 9, 3], to: [6, 4, 5, 5], ["conv1.weight [3, 3, 3, 5] HWIO", "conv1.bias [5] channel"]) {
            Conv(5, kernel: 3, stride: 2, padding: .explicit(1))
        },
        Row([6, 7, 9, 3], to: [6, 5, 4, 5], ["conv1.weight [3, 2, 3, 5] HWIO", "conv1.bias [5] channel"]) {
            Conv(
                5, kernel: (3, 2), stride: (2, 3), padding: .explicit(top: 1, bottom: 3, left: 2, right: 0))
        },
        Row(
            [6, 7, 7, 3], to: [6, 14, 14, 5],
            ["convTranspose1.weight [4, 4, 5, 3] HWOI", "convTranspose1.bias [5] channel"]
        ) {
            ConvTranspose(5, kernel: 4, stride: 2)
        },
        Row([6, 3, 4, 3], to: [6, 9, 11, 5], ["convTranspose1.weight [5, 5, 5, 3] HWOI"]) {
            ConvTranspose(5, kernel: 5, stride: 2, padding: .valid, bias: false)
        },
        Row(
            [6, 3, 4, 3], to: [6, 6, 10, 2],
            ["convTranspose1.weight [4, 3, 2, 3] HWOI", "convTranspose1.bias [2] channel"]
        ) {
            ConvTranspose(2, kernel: (4, 3), stride: (2, 3), padding: .explicit(top: 1, bottom: 1, left: 0, right: 2))
        },
        Row([6, 24], to: [6, 2, 3, 4]) { Reshape(2, 3, 4) },
        Row([6, 2, 3, 4], to: [6, 8, 3]) { Reshape(-1, 3) },
        Row([6, 2, 3, 4], to: [6, 24]) { Flatten() },
        Row([6, 24], to: [6, 24]) { Flatten() },
        Row(
            [6, 2, 3, 4], to: [6, 2, 3, 4],
            [
                "batchNorm1.scale [4] channel", "batchNorm1.offset [4] channel", "batchNorm1.mean [4] channel",
                "batchNorm1.variance [4] channel",
            ]
        ) { BatchNorm() },
        Row([6, 2, 3, 4], to: [6, 2, 3, 4], ["layerNorm1.scale [4] channel", "layerNorm1.offset [4] channel"]) {
            LayerNorm()
        },
        Row([6, 2, 3, 4], to: [6, 2, 3, 4]) { Dropout(0.3) },
        Row([6, 5], to: [6, 9], ["embedding1.weight [3, 4] class,feature"]) { Embedding(4) },
        Row([6, 2, 3, 5], to: [6, 2, 3, 9], ["embedding1.weight [3, 4] class,feature"]) { Embedding(4) },
        Row([6, 2, 3, 5], to: [6, 2, 3, 8]) { Concatenate(.label) },
        Row([6, 5], to: [6, 8]) { Concatenate(.label) },
        Row(
            [6, 4, 4, 2], to: [6, 4, 4, 6],
            [
                "conv1.weight [1, 1, 2, 1] HWIO", "conv1.bias [1] channel", "conv2.weight [3, 3, 2, 3] HWIO",
                "conv2.bias [3] channel",
            ]
        ) {
            Concatenate {
                Branch { Conv(1, kernel: 1) }
                Branch { Conv(3, kernel: 3) }
                Branch()
            }
        },
        Row([6, 7, 9, 2], to: [6, 3, 4, 2]) { AveragePool() },
        Row([6, 7, 9, 2], to: [6, 4, 5, 2]) { AveragePool(3, stride: 2, padding: .same) },
        Row([6, 7, 9, 2], to: [6, 3, 4, 2]) { MaxPool() },
        Row([6, 7, 9, 2], to: [6, 6, 8, 2]) { MaxPool(2, stride: 1) },
        Row([6, 7, 9, 2], to: [6, 2]) { GlobalAveragePool() },
        Row([6, 2, 3, 4], to: [6, 4, 6, 4]) { Upsample() },
        Row([6, 2, 3, 4], to: [6, 6, 9, 4]) { Upsample(3) },
        Row([6, 2, 3, 4], to: [6, 2, 3, 4]) { ReLU() },
        Row([6, 2, 3, 4], to: [6, 2, 3, 4]) { LeakyReLU(0.1) },
        Row([6, 2, 3, 4], to: [6, 2, 3, 4]) { ELU() },
        Row([6, 2, 3, 4], to: [6, 2, 3, 4]) { Softplus() },
        Row([6, 2, 3, 4], to: [6, 2, 3, 4]) { Sigmoid() },
        Row([6, 2, 3, 4], to: [6, 2, 3, 4]) { Tanh() },
        Row([6, 5], to: [6, 5], ["dense1.weight [5, 5] in,out", "dense1.bias [5] channel"]) { Residual { Dense(5) } },
        Row(
            [6, 5], to: [6, 7],
            ["dense1.weight [5, 7] in,out", "dense1.bias [7] channel", "shortcut1.weight [5, 7] in,out"]
        ) { Residual { Dense(7) } },
        Row(
            [6, 4, 4, 2], to: [6, 2, 2, 3],
            ["conv1.weight [3, 3, 2, 3] HWIO", "conv1.bias [3] channel", "shortcut1.weight [1, 1, 2, 3] HWIO"]
        ) { Residual { Conv(3, kernel: 3, stride: 2) } },
        Row([6, 4, 4, 2], to: [6, 8, 8, 2]) { Residual { Upsample() } },
    ]

    @Test("a layer's result and parameters have the documented shapes, names and layouts", arguments: rows)
    func shapes(row: Row) throws {
        let applied = AppliedLayers(row.input, row.layers)
        #expect(applied.errors.isEmpty)
        #expect(applied.shape == row.output)
        #expect(applied.table == row.parameters)
        #expect(applied.layers.last?.output == Shape(row.output))
        #expect(applied.graph.output("y").map { applied.graph[$0].shape } == Shape(row.output))
    }

    @Test("layers of a kind are numbered in order of application, also inside blocks")
    func numbering() {
        let applied = AppliedLayers([6, 5]) {
            Dense(4)
            Residual {
                Dense(4)
                ReLU()
            }
            Dense(3)
            ReLU()
        }
        #expect(
            applied.layers.map(\.name) == [
                "discriminator.dense1", "discriminator.dense2", "discriminator.relu1", "discriminator.residual1",
                "discriminator.dense3", "discriminator.relu2",
            ])
    }

    @Test("weights begin by fan-in, √(2/n) before a rectifier and √(1/n) elsewhere, dense ones by both, biases as 0")
    func initializers() {
        let applied = AppliedLayers([6, 4, 4, 2]) {
            Conv(3, kernel: 3)
            LeakyReLU(0.2)
            ConvTranspose(2, kernel: 4, stride: 2)
            Tanh()
            Dense(5)
            ReLU()
            Dense(1, initializer: .uniform(limit: 0.5))
        }
        let begins = Dictionary(uniqueKeysWithValues: applied.parameters.map { ($0.name, $0.initializer) })
        #expect(begins["discriminator.conv1.weight"] == .normal(deviation: (2.0 / 18).squareRoot()))
        #expect(begins["discriminator.convTranspose1.weight"] == .normal(deviation: (1.0 / 12).squareRoot()))
        #expect(begins["discriminator.dense1.weight"] == .uniform(limit: (6.0 / (128 + 5)).squareRoot()))
        #expect(begins["discriminator.dense2.weight"] == .uniform(limit: 0.5))
        #expect(begins["discriminator.conv1.bias"] == .constant(0))
    }
}
