import Compiler
import Graph
import GraphTesting
import Lowering
import Native
import Testing

/// Every method of every kind of contraction, in emitted C, against the reference interpreter.
@Suite("Methods of contractions")
struct MethodTests {
    private static let origin = Origin("layer")

    /// A contraction of `a` and `b`, then a bias and an activation.
    private struct Case: Sendable {
        var name: String
        var a, b: Shape
        var op: Op
    }

    private static let cases: [Case] = {
        let products = [false, true].flatMap { transposeA in
            [false, true].map { transposeB in
                Case(
                    name: "product transposed \(transposeA) \(transposeB)", a: transposeA ? [37, 70] : [70, 37],
                    b: transposeB ? [150, 37] : [37, 150],
                    op: .matmul(transposeA: transposeA, transposeB: transposeB))
            }
        }
        let window = Window(kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1))
        let (image, weights, result): (Shape, Shape, Shape) = ([5, 10, 12, 32], [4, 4, 32, 64], [5, 5, 6, 64])
        return products + [
            Case(name: "convolution", a: image, b: weights, op: .convolution(window)),
            Case(
                name: "input gradient", a: result, b: weights,
                op: .convolutionInputGradient(window, height: 10, width: 12)),
            Case(name: "weight gradient", a: image, b: result, op: .convolutionWeightGradient(window)),
        ]
    }()

    private static let graphs = cases.map { item in
        var graph = Graph()
        let a = graph.append(.input(name: "a", TensorType(item.a)), origin: origin)
        let b = graph.append(.input(name: "b", TensorType(item.b)), origin: origin)
        let product = graph.append(item.op, [a, b], origin: origin)
        graph.outputs = [Output("y", graph.unary(.leakyReLU(slope: 0.3), product, origin: origin))]
        return graph
    }

    @Test(
        "each method computes what the interpreter computes, with the same bits at 1, 2 and 4 threads",
        arguments: Method.allCases)
    func agree(method: Method) async throws {
        var numbers = SeededNumbers(seed: 3)
        let feeds = Self.cases.map { ["a": numbers.tensor($0.a, -1, 1), "b": numbers.tensor($0.b, -1, 1)] }
        var first: [[Double]] = []
        for threads in [1, 2, 4] {
            let emitted = try await EmittedFunctions(Self.graphs, threads: threads, method: method)
            for (index, item) in Self.cases.enumerated() {
                let actual = try emitted.call(index, feeds[index])["y"]!
                guard threads > 1 else {
                    first.append(actual)
                    let expected = try Interpreter(Self.graphs[index]).evaluate(feeds[index])["y"]!.elements
                    let scale = expected.map(abs).reduce(1, max)
                    let worst = zip(actual, expected).map { abs($0 - $1) / scale }.max()!
                    #expect(actual.count == expected.count && worst < 1e-12, "\(item.name): off by \(worst)")
                    continue
                }
                #expect(actual == first[index], "\(item.name) with \(threads) threads")
            }
        }
    }

    @Test("every method serves some contraction of these, and the emitted C says which")
    func allAreMet() throws {
        for method in Method.allCases {
            let compilation = try EmittedFunctions.compilation(Self.graphs, method: method)
            let kernels = compilation.lowered.allFunctions.flatMap(\.kernels)
            #expect(kernels.contains { $0.method == method }, "\(method)")
            let emitted = try compilation.emit()
            #expect(emitted.callsBLAS == method.callsBLAS)
            #expect(emitted.source.contains(" blas_matmul(f->pool") == method.callsBLAS)
            #expect(emitted.source.contains(" filtered_forward(f->pool") == (method == .filtered))
        }
    }
}
