import Graph
import GraphTesting
import Testing

/// Shapes large enough for tiles, lanes, column blocks and split sums, ragged ones included.
@Suite("Loops over large tensors")
struct LargeKernelTests {
    private static let origin = Origin("layer")

    /// One graph of a single input `x`, as a row.
    private struct Case: Sendable {
        var name: String
        var shape: Shape
        var build: @Sendable (inout Graph, NodeID) -> NodeID
    }

    private static func reduce(_ shape: Shape, _ axes: [Int]) -> [Case] {
        [
            Case(name: "sum of \(shape) over \(axes)", shape: shape) { $0.sum($1, over: axes, origin: origin) },
            Case(name: "sum of squares of \(shape) over \(axes)", shape: shape) { graph, x in
                graph.sum(graph.unary(.square, x, origin: origin), over: axes, origin: origin)
            },
            Case(name: "maximum of \(shape) over \(axes)", shape: shape) {
                $0.append(.reduceMax(axes: axes), [$1], origin: origin)
            },
        ]
    }

    private static let cases: [Case] =
        reduce([300, 70], [0]) + reduce([300, 70], [1]) + reduce([300, 70], [0, 1]) + reduce([5003], [0])
        + reduce([64, 14, 14, 64], [0, 1, 2]) + reduce([64, 14, 14, 64], [1, 2, 3]) + reduce([64, 784], [1])
        + reduce([33, 17, 65], [1]) + reduce([33, 17, 65], [0, 2]) + reduce([40, 3, 50], [0])
        + reduce([7, 128, 9], [1])
        + reduce([64, 1], [0]) + reduce([2, 40000], [1]) + [
            Case(name: "large elementwise", shape: [64, 1000]) { graph, x in
                graph.unary(.tanh, graph.unary(.leakyReLU(slope: 0.2), x, origin: origin), origin: origin)
            },
            Case(name: "sum of a transposed tensor", shape: [70, 300]) { graph, x in
                let turned = graph.append(.transpose(permutation: [1, 0]), [x], origin: origin)
                return graph.sum(turned, over: [1], origin: origin)
            },
            Case(name: "sum of a padded tensor", shape: [50, 60]) { graph, x in
                let padded = graph.append(.pad(before: [3, 2], after: [1, 5]), [x], origin: origin)
                return graph.sum(graph.unary(.cosine, padded, origin: origin), over: [0], origin: origin)
            },
            Case(name: "centered rows", shape: [128, 200]) { graph, x in
                let mean = graph.scale(graph.sum(x, over: [1], origin: origin), by: 1 / 200, origin: origin)
                let wide = graph.broadcast(mean, to: [128, 200], axes: [0], origin: origin)
                return graph.binary(.subtract, x, wide, origin: origin)
            },
            Case(name: "concatenation of a tensor and a function of it", shape: [64, 30, 5]) { graph, x in
                let other = graph.unary(.exponential, x, origin: origin)
                return graph.append(.concatenate(axis: 2), [other, x, other], origin: origin)
            },
        ]

    @Test("large loops compute what the interpreter computes, with the same bits at 1, 2 and 5 threads")
    func agree() async throws {
        let graphs = Self.cases.map { item in
            var graph = Graph()
            let x = graph.append(.input(name: "x", TensorType(item.shape)), origin: Self.origin)
            graph.outputs = [Output("y", item.build(&graph, x))]
            return graph
        }
        var numbers = SeededNumbers(seed: 11)
        let feeds = Self.cases.map { ["x": numbers.tensor($0.shape, -1, 1)] }
        var first: [[Double]] = []
        for threads in [1, 2, 5] {
            let emitted = try await EmittedFunctions(graphs, threads: threads)
            for (index, item) in Self.cases.enumerated() {
                let actual = try emitted.call(index, feeds[index])["y"]!
                guard threads > 1 else {
                    first.append(actual)
                    let expected = try Interpreter(graphs[index]).evaluate(feeds[index])["y"]!.elements
                    let worst = zip(actual, expected).map { abs($0 - $1) / max(1, abs($1)) }.max()!
                    #expect(actual.count == expected.count && worst < 1e-12, "\(item.name): off by \(worst)")
                    continue
                }
                #expect(actual == first[index], "\(item.name) with \(threads) threads")
            }
        }
    }
}
