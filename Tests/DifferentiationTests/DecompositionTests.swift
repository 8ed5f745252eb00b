import Differentiation
import Foundation
import Graph
import GraphTesting
import Testing

/// Composites against their textbook formulas, and against overflow.
@Suite struct DecompositionTests {
    private func value(_ composite: Composite, _ inputs: TensorValue...) throws -> [Double] {
        var expression = Expression()
        let leaves = inputs.enumerated().map { expression.parameter("\($0)", $1) }
        let y = expression.graph.append(.composite(composite), leaves, origin: expression.origin)
        expression.graph.outputs = [Output("y", y)]
        let graph = expression.graph.decomposed()
        try graph.verify(allowing: [])
        return try Interpreter(graph).evaluate(expression.feeds)["y"]!.elements
    }

    private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-14 * max(1, abs($1)) }
    }

    private let x = TensorValue([2, 3], [1, 2, 6, -1, 0, 4])

    @Test("mean, biased variance and norm over an axis")
    func moments() throws {
        #expect(isClose(try value(.mean(axes: [1]), x), [3, 1]))
        #expect(isClose(try value(.variance(axes: [1]), x), [14.0 / 3, 14.0 / 3]))
        #expect(
            isClose(try value(.norm(axes: [1], epsilon: 0), x), [Double(41).squareRoot(), Double(17).squareRoot()]))
        #expect(isClose(try value(.norm(axes: [0, 1], epsilon: 6), x), [8]))
    }

    @Test("normalize has mean 0 and variance 1 up to epsilon")
    func normalize() throws {
        let scale = 1 / (14.0 / 3 + 0.5).squareRoot()
        let centered: [Double] = [-2, -1, 3, -2, -1, 3]
        #expect(isClose(try value(.normalize(axes: [1], epsilon: 0.5), x), centered.map { $0 * scale }))
    }

    @Test("softmax and its logarithm do not overflow, whatever is added to all logits")
    func softmax() throws {
        let (small, large) = (TensorValue([1, 2], [0, 1]), TensorValue([1, 2], [10_000, 10_001]))
        let expected = [1 / (1 + exp(1.0)), 1 / (1 + exp(-1.0))]
        #expect(isClose(try value(.softmax(axis: 1), small), expected))
        #expect(isClose(try value(.softmax(axis: 1), large), expected))
        #expect(isClose(try value(.logSoftmax(axis: 1), large), expected.map { log($0) }))
        let apart = try value(.logSoftmax(axis: 1), TensorValue([1, 2], [0, 10_000]))
        #expect(apart == [-10_000, 0])
    }

    @Test("cross-entropy of probabilities clips them, as Keras does")
    func binaryCrossEntropy() throws {
        let (p, t) = (TensorValue([3], [0.2, 0, 1]), TensorValue([3], [0.9, 1, 0]))
        let expected = [-(0.9 * log(0.2) + 0.1 * log(0.8)), -log(1e-7), -log(1 - (1 - 1e-7))]
        #expect(isClose(try value(.binaryCrossEntropy(clip: 1e-7), p, t), expected))
    }

    @Test("cross-entropy of logits is finite where the probability underflows")
    func logitCrossEntropy() throws {
        let (l, t) = (TensorValue([3], [1000, -1000, 0.5]), TensorValue([3], [0, 1, 0.3]))
        let p = 1 / (1 + exp(-0.5))
        #expect(
            isClose(try value(.logitCrossEntropy, l, t), [1000, 1000, -(0.3 * log(p) + 0.7 * log(1 - p))]))
    }

    @Test("a composite becomes the nodes its definition says")
    func text() {
        var expression = Expression()
        let x = expression.parameter("x", [4, 2])
        expression.graph.outputs = [Output("y", expression.op(.composite(.norm(axes: [1], epsilon: 1e-3)), x))]
        #expect(
            expression.graph.decomposed().description == """
                %0 = parameter<x> [4, 2] // test
                %1 = square(%0) [4, 2] // test
                %2 = reduceSum<axes [1]>(%1) [4] // test
                %3 = constant<0.001> [] // test
                %4 = broadcast<axes []>(%3) [4] // test
                %5 = add(%2, %4) [4] // test
                %6 = squareRoot(%5) [4] // test
                output y = %6

                """)
    }
}
