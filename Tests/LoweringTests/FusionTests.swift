import Graph
import Testing

@testable import Lowering

@Suite("Fusion")
struct FusionTests {
    private let origin = Origin("layer")

    private func lower(_ build: (inout Graph) -> NodeID) -> Function {
        var graph = Graph()
        let result = build(&graph)
        graph.outputs = [Output("y", result)]
        return Function(lowering: graph, name: "f", prefix: "f", kind: .plain)
    }

    private func nests(_ function: Function) -> [LoopNest] {
        function.kernels.compactMap { if case .loops(let nest) = $0.body { nest } else { nil } }
    }

    @Test("bias and activation of a dense layer are done in the product's epilogue")
    func biasAndActivation() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([8, 4])), origin: origin)
            let w = graph.append(.input(name: "w", TensorType([4, 6])), origin: origin)
            let b = graph.append(.input(name: "b", TensorType([6])), origin: origin)
            let product = graph.append(.matmul(transposeA: false, transposeB: false), [x, w], origin: origin)
            let bias = graph.broadcast(b, to: [8, 6], axes: [1], origin: origin)
            return graph.unary(.tanh, graph.binary(.add, product, bias, origin: origin), origin: origin)
        }
        #expect(function.kernels.count == 1)
        #expect(function.kernels[0].epilogue?.nest.extents == [8, 6])
    }

    @Test("a product that two kernels read keeps its own result")
    func sharedProduct() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([8, 4])), origin: origin)
            let w = graph.append(.input(name: "w", TensorType([4, 6])), origin: origin)
            let product = graph.append(.matmul(transposeA: false, transposeB: false), [x, w], origin: origin)
            let rows = graph.sum(product, over: [1], origin: origin)
            let wide = graph.broadcast(rows, to: [8, 6], axes: [0], origin: origin)
            return graph.binary(.subtract, product, wide, origin: origin)
        }
        #expect(function.kernels.allSatisfy { $0.epilogue == nil })
    }

    @Test("two weight gradients that are added up become one product of all their terms")
    func sumOfProducts() {
        let function = lower { graph in
            func product(of terms: Int, _ name: String) -> NodeID {
                let x = graph.append(.input(name: "x" + name, TensorType([terms, 4])), origin: origin)
                let g = graph.append(.input(name: "g" + name, TensorType([terms, 6])), origin: origin)
                return graph.append(.matmul(transposeA: true, transposeB: false), [x, g], origin: origin)
            }
            return graph.binary(.add, product(of: 8, "1"), product(of: 5, "2"), origin: origin)
        }
        #expect(function.kernels.map(\.contractionFLOPs) == [2 * 4 * 6 * 13])
        #expect(function.kernels[0].reads.count == 4)
    }

    @Test("a weight gradient that is needed by itself stays a product of its own")
    func sharedSummand() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([8, 4])), origin: origin)
            let g = graph.append(.input(name: "g", TensorType([8, 6])), origin: origin)
            let h = graph.append(.input(name: "h", TensorType([8, 6])), origin: origin)
            let first = graph.append(.matmul(transposeA: true, transposeB: false), [x, g], origin: origin)
            let second = graph.append(.matmul(transposeA: true, transposeB: false), [x, h], origin: origin)
            let sum = graph.binary(.add, first, second, origin: origin)
            let rows = graph.broadcast(
                graph.sum(first, over: [1], origin: origin), to: [4, 6], axes: [0], origin: origin)
            return graph.binary(.multiply, sum, rows, origin: origin)
        }
        #expect(function.kernels.filter { $0.contractionFLOPs > 0 }.count == 2)
    }

    @Test("loops over neighbouring axes become one")
    func collapse() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([4, 5, 6])), origin: origin)
            return graph.unary(.relu, x, origin: origin)
        }
        #expect(nests(function)[0].extents == [120])
    }

    @Test("a transposed operand keeps its loops apart")
    func transposeStays() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([4, 5])), origin: origin)
            return graph.unary(
                .relu, graph.append(.transpose(permutation: [1, 0]), [x], origin: origin), origin: origin)
        }
        #expect(nests(function)[0].extents == [5, 4])
    }

    @Test("an expensive function that two kernels need is computed once")
    func sharedExpensive() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([64, 64])), origin: origin)
            let y = graph.unary(.tanh, x, origin: origin)
            let a = graph.sum(y, over: [0], origin: origin)
            let b = graph.sum(y, over: [1], origin: origin)
            return graph.binary(.add, a, b, origin: origin)
        }
        let tanhs = nests(function).flatMap(\.body).filter { if case .unary(.tanh, _) = $0 { true } else { false } }
        #expect(tanhs.count == 1)
    }

    @Test("values less their mean are computed where they are used, from a sum in the product's epilogue")
    func centred() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([256, 4])), origin: origin)
            let w = graph.append(.input(name: "w", TensorType([4, 8])), origin: origin)
            let b = graph.append(.input(name: "b", TensorType([8])), origin: origin)
            let product = graph.append(.matmul(transposeA: false, transposeB: false), [x, w], origin: origin)
            let bias = graph.broadcast(b, to: [256, 8], axes: [1], origin: origin)
            let values = graph.binary(.add, product, bias, origin: origin)
            let mean = graph.scale(graph.sum(values, over: [0], origin: origin), by: 1.0 / 256, origin: origin)
            let means = graph.broadcast(mean, to: [256, 8], axes: [1], origin: origin)
            let centred = graph.binary(.subtract, values, means, origin: origin)
            let squares = graph.sum(graph.unary(.square, centred, origin: origin), over: [0], origin: origin)
            let spread = graph.broadcast(squares, to: [256, 8], axes: [1], origin: origin)
            return graph.binary(.multiply, centred, spread, origin: origin)
        }
        let large = function.kernels.filter { function.buffers[$0.writes.index].type.shape.count == 256 * 8 }
        #expect(large.count == 2)
        #expect(large.first?.epilogue?.nest.extents == [256, 8])
    }

    @Test("a long sum with few results is split into parts that depend on the shape alone")
    func splitSum() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([4096, 64])), origin: origin)
            return graph.sum(x, over: [0], origin: origin)
        }
        #expect(nests(function).map(\.extents) == [[32, 64, 128], [64, 32]])
    }

    @Test("a reshape is a view of its operand's memory")
    func reshapeIsFree() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([4, 6])), origin: origin)
            let y = graph.unary(.relu, x, origin: origin)
            let z = graph.append(.reshape([2, 12]), [y], origin: origin)
            return graph.append(.matmul(transposeA: false, transposeB: true), [z, z], origin: origin)
        }
        #expect(function.kernels.count == 2)
    }

    @Test("batches are joined by computing them side by side, and taken apart without copying")
    func joinedBatches() {
        let function = lower { graph in
            let x = graph.append(.input(name: "x", TensorType([4, 6])), origin: origin)
            let w = graph.append(.input(name: "w", TensorType([6, 6])), origin: origin)
            let a = graph.unary(.tanh, x, origin: origin)
            let b = graph.unary(.sigmoid, x, origin: origin)
            let both = graph.append(.concatenate(axis: 0), [a, b], origin: origin)
            let product = graph.append(.matmul(transposeA: false, transposeB: false), [both, w], origin: origin)
            let half = graph.append(.slice(start: [4, 0], size: [4, 6]), [product], origin: origin)
            return graph.append(.matmul(transposeA: false, transposeB: false), [half, w], origin: origin)
        }
        #expect(function.kernels.count == 4)
        #expect(throws: Never.self) { try function.checkPlan() }
    }
}
