import CGAN
import Foundation
import Graph
import Testing

/// Tensor functions evaluated in double precision against their definitions.
@Suite("Tensor functions")
struct TensorFunctionTests {
    /// The value that `expression` of the images `[2, 4, 4, 1]` (all `x`) takes.
    private func value(_ x: Double, _ expression: @escaping (Batch) -> Tensor) throws -> Double {
        let program = try Program(
            WrittenModel { _, batch in
                Losses(discriminator: mean(expression(batch)), generator: batch.constant(0))
            })
        return try program.graph(of: "discriminator").evaluated(["images": TensorValue([2, 4, 4, 1], repeating: x)])[
            "loss"]!
            .scalar
    }

    /// A function of every element, and its value at 1.5.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let function: @Sendable (Tensor) -> Tensor
        let expected: Double

        init(_ name: String, _ expected: Double, _ function: @escaping @Sendable (Tensor) -> Tensor) {
            testDescription = name
            self.function = function
            self.expected = expected
        }
    }

    static let rows: [Row] = [
        Row("square", 2.25) { square($0) },
        Row("sqrt", 1.224744871391589) { sqrt($0) },
        Row("exp", 4.4816890703380645) { exp($0) },
        Row("log", 0.4054651081081644) { log($0) },
        Row("abs", 1.5) { abs(-$0) },
        Row("tanh", 0.9051482536448664) { tanh($0) },
        Row("sigmoid", 0.8175744761936437) { sigmoid($0) },
        Row("softplus", 1.7014132779827524) { softplus($0) },
        Row("relu", 0) { relu(-$0) },
        Row("leakyReLU", -0.3) { leakyReLU(-$0) },
        Row("elu", -0.7768698398515702) { elu(-$0) },
        Row("pow", 3.375) { pow($0, 3) },
        Row("clip", 1.25) { clip($0, 0, 1.25) },
        Row("max", 2) { max($0, 2) },
        Row("min", 1) { min($0, 1) },
        Row("negate", -1.5) { -$0 },
    ]

    @Test("elementwise functions have their textbook values", arguments: rows)
    func elementwise(row: Row) throws {
        #expect(abs(try value(1.5) { row.function($0.images) } - row.expected) < 1e-12)
    }

    @Test("numbers and tensors combine on either side")
    func arithmetic() throws {
        #expect(try value(3) { 2 * $0.images + 1 } == 7)
        #expect(try value(3) { 1 - $0.images } == -2)
        #expect(try value(4) { 2 / $0.images } == 0.5)
        #expect(try value(4) { ($0.images - 2) / 4 } == 0.5)
        #expect(try value(4) { $0.images * $0.images - $0.images / $0.images } == 15)
    }

    @Test("extents of 1 and single numbers are repeated")
    func stretching() throws {
        let found = try value(3) { batch in
            batch.images * mean(batch.images) + reshape(sum(batch.images, per: .example), to: [2, 1, 1, 1])
        }
        #expect(found == 9 + 48)
    }

    @Test("reductions: sum, mean, norm and maximum, of all elements or for each example")
    func reductions() throws {
        #expect(try value(0.5) { sum($0.images) } == 16)
        #expect(try value(0.5) { sum($0.images, per: .example) } == 8)
        #expect(try value(0.5) { mean($0.images, per: .example) } == 0.5)
        #expect(abs(try value(0.5) { norm($0.images, per: .example) } - 2) < 1e-9)
        #expect(try value(0.5) { max($0.images, over: [1, 2]) } == 0.5)
        #expect(try value(0.5) { sum($0.images, over: [2, 1]) } == 8)
    }

    @Test("softmax adds up to 1 and logSoftmax is its logarithm")
    func softmaxes() throws {
        #expect(abs(try value(0.5) { sum(softmax(flatten($0.images)), per: .example) } - 1) < 1e-12)
        #expect(abs(try value(0.5) { logSoftmax(flatten($0.images)) } - log(1.0 / 16)) < 1e-12)
    }

    @Test("mix is α·a + (1 − α)·b")
    func mixing() throws {
        #expect(try value(3) { mix($0.images, 0 * $0.images + 7, by: $0.constant(0.25)) } == 0.75 + 5.25)
    }

    @Test("a gradient is an expression, also of a gradient")
    func gradients() throws {
        #expect(try value(3) { gradient(of: $0.images * $0.images * $0.images, wrt: $0.images) } == 27)
        let second = try value(3) { batch in
            let slope = gradient(of: batch.images * batch.images * batch.images, wrt: batch.images)
            return gradient(of: square(slope), wrt: batch.images)
        }
        #expect(second == 2 * 27 * 18)
        #expect(try value(3) { gradient(of: $0.images * stopGradient($0.images), wrt: $0.images) } == 3)
    }

    @Test("concatenation, one-hot labels and the position of the maximum")
    func indexing() throws {
        #expect(try value(2) { sum(concatenate(flatten($0.images), flatten(3 * $0.images)), per: .example) } == 128)
        #expect(try value(2) { oneHot($0.labels, classes: 4) } == 0.25)
        #expect(try value(2) { oneHot(argmax(flatten($0.images)), classes: 16) } == 1.0 / 16)
    }
}
