import Graph
import Testing

@testable import Lowering

@Suite("Products left for the update")
struct LeftProductTests {
    private let origin = Origin("layer")

    /// A phase of one dense layer of `rows` inputs and `columns` outputs: its weight's gradient, then its input's.
    private func phase(
        rows: Int = 256, columns: Int = 128, batch: Int = 8, _ more: (inout Graph, NodeID) -> Void = { _, _ in }
    ) -> Function {
        var graph = Graph()
        func random(_ name: String, _ shape: Shape) -> NodeID {
            graph.append(.random(Draw(name, .uniform(low: 0, high: 1)), shape), origin: origin)
        }
        let (x, g) = (random("x", [batch, rows]), random("g", [batch, columns]))
        let w = graph.append(.parameter(name: "w", [rows, columns]), origin: origin)
        let gradient = graph.append(.matmul(transposeA: true, transposeB: false), [x, g], origin: origin)
        let input = graph.append(.matmul(transposeA: false, transposeB: true), [g, w], origin: origin)
        graph.outputs = [Output("gradient:w", gradient), Output("v", graph.sum(input, over: [0, 1], origin: origin))]
        more(&graph, gradient)
        return Function(lowering: graph, name: "f", prefix: "f", kind: .phase)
    }

    @Test("a weight's gradient is left where its operands are in the arena, and its squares are not taken by itself")
    func left() throws {
        let function = phase()
        let product = try #require(function.kernels.first { $0.isLeft })
        #expect(function.kernels.count { $0.isLeft } == 1)
        #expect(function.buffers[product.writes.index].storage == .gradient("w"))
        #expect(function.kernelText.contains("(layer, layer_2) beside its update"))
        #expect(function.squaredGradient(of: product) == nil)
    }

    @Test("products of other shapes are not left: few rows, few or many columns, many terms")
    func shapes() {
        #expect(phase(rows: 224, columns: 128).leavesProducts)
        #expect(!phase(rows: 223).leavesProducts)
        #expect(!phase(columns: 127).leavesProducts)
        #expect(phase(columns: 1536, batch: 128).leavesProducts)
        #expect(!phase(columns: 1537, batch: 8).leavesProducts)
        #expect(!phase(batch: 129).leavesProducts)
    }

    @Test("a gradient that a kernel reads is not left")
    func readGradient() {
        let function = phase { graph, gradient in
            graph.outputs.append(Output("norm", graph.sum(gradient, over: [0, 1], origin: origin)))
        }
        #expect(!function.leavesProducts)
    }

    @Test("a product by OpenBLAS is not left, nor is any where that was asked for")
    func methods() throws {
        var function = phase()
        let contraction = try #require(function.kernels.first { $0.isLeft }?.contraction)
        for method in Method.candidates(for: contraction) {
            function.choose(by: [contraction: Tuning.Row(contraction, method)])
            #expect(function.leavesProducts == (method == .tiles))
        }
        function.choose(leavingProducts: false)
        #expect(!function.leavesProducts)
        function.choose()
        #expect(function.leavesProducts)
    }
}
