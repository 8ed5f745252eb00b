import Graph
import Testing

@testable import Lowering

@Suite("Costs of kernels")
struct KernelCostTests {
    private let origin = Origin("layer")

    private func costs(realBytes: Int = 4, _ build: (inout Graph) -> NodeID) -> [KernelCost] {
        var graph = Graph()
        let result = build(&graph)
        graph.outputs = [Output("y", result)]
        let function = Function(lowering: graph, name: "f", prefix: "f", kind: .plain)
        return function.kernels.map { function.cost(of: $0, realBytes: realBytes) }
    }

    private func input(_ name: String, _ shape: Shape, _ graph: inout Graph) -> NodeID {
        graph.append(.input(name: name, TensorType(shape)), origin: origin)
    }

    @Test("a dense layer reads both operands and the bias once and writes its result once", arguments: [4, 8])
    func dense(realBytes: Int) {
        let costs = costs(realBytes: realBytes) { graph in
            let (x, w, b) = (input("x", [8, 4], &graph), input("w", [4, 6], &graph), input("b", [6], &graph))
            let product = graph.append(.matmul(transposeA: false, transposeB: false), [x, w], origin: origin)
            let bias = graph.broadcast(b, to: [8, 6], axes: [1], origin: origin)
            return graph.unary(.relu, graph.binary(.add, product, bias, origin: origin), origin: origin)
        }
        #expect(costs.count == 1)
        #expect(costs[0].contractionFLOPs == 2 * 8 * 4 * 6)
        #expect(costs[0].otherOperations == 2 * 8 * 6)
        #expect(costs[0].bytesRead == (8 * 4 + 4 * 6 + 6) * realBytes)
        #expect(costs[0].bytesWritten == 8 * 6 * realBytes)
    }

    @Test("arithmetic that does not depend on the inner loop is counted once for each iteration of the outer one")
    func hoisted() {
        let (x, row, y) = (BufferID(0), BufferID(1), BufferID(2))
        let nest = LoopNest(
            extents: [16, 32], reducedAxes: 0, reduction: nil,
            body: [
                .load(Access(buffer: row, element: Affine(terms: [1, 0])), guards: []), .binary(.add, 0, 0),
                .load(Access(buffer: x, element: Affine(terms: [32, 1])), guards: []), .binary(.multiply, 1, 2),
            ],
            result: 3, store: Access(buffer: y, element: Affine(terms: [32, 1])))
        #expect(nest.operations == 16 + 16 * 32)
        #expect(nest.elementsRead(of: row) == 16 && nest.elementsRead(of: x) == 16 * 32)
    }

    @Test("a slice reads no more of its operand than it keeps")
    func slice() {
        let costs = costs { graph in
            let x = input("x", [10, 12], &graph)
            let part = graph.append(.slice(start: [0, 3], size: [10, 5]), [x], origin: origin)
            return graph.unary(.square, part, origin: origin)
        }
        #expect(costs.reduce(0) { $0 + $1.bytesRead } == 10 * 5 * 4)
        #expect(costs.reduce(0) { $0 + $1.operations } == 10 * 5)
    }

    @Test("a sum adds every element")
    func sum() {
        let costs = costs { graph in graph.sum(input("x", [10, 12], &graph), over: [0], origin: origin) }
        #expect(costs.reduce(0) { $0 + $1.operations } == 10 * 12)
        #expect(costs.reduce(0) { $0 + $1.bytesWritten } == 12 * 4)
    }

    @Test("the bound is memory below the machine's ridge and compute above it")
    func bounds() {
        let machine = Roofline(peak: 100, bandwidth: 10)
        var cost = KernelCost()
        (cost.otherOperations, cost.bytesRead) = (90, 10)
        #expect(machine.ridge == 10 && machine.bound(of: cost) == .memory && machine.seconds(of: cost) == 1)
        cost.otherOperations = 110
        #expect(machine.bound(of: cost) == .compute && machine.seconds(of: cost) == 1.1)
        cost.bytesRead = 0
        #expect(machine.bound(of: cost) == .compute)
    }
}
