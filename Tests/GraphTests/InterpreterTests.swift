import Graph
import GraphTesting
import Testing

/// The interpreter against numbers worked out by hand.
@Suite struct InterpreterTests {
    private func value(
        _ op: Op, _ inputs: (TensorValue, ElementType)...
    ) throws -> TensorValue {
        var graph = Graph()
        var feeds: [String: TensorValue] = [:]
        let leaves = inputs.enumerated().map { i, input in
            feeds["\(i)"] = input.0
            let type = TensorType(input.0.shape, input.1)
            return graph.append(.input(name: "\(i)", type), origin: Origin("leaf"))
        }
        graph.outputs = [Output("y", graph.append(op, leaves, origin: Origin("op")))]
        return try Interpreter(graph).evaluate(feeds)["y"]!
    }

    @Test("padding does not count in an average")
    func averageOverImageOnly() throws {
        let window = Window(kernel: (2, 2), stride: (2, 2), padding: (1, 0, 1, 0))
        let image = TensorValue([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9])
        #expect(try value(.averagePool(window), (image, .real)).elements == [1, 2.5, 5.5, 7])
    }

    @Test("max pooling picks the first of equal pixels, and never the padding")
    func firstMaximum() throws {
        let window = Window(kernel: (2, 2), stride: (2, 2), padding: (1, 0, 1, 0))
        let image = TensorValue([1, 3, 3, 1], [-1, -2, -2, -3, -5, -5, -3, -5, -5])
        #expect(try value(.maxPoolIndex(window), (image, .real)).elements == [0, 1, 3, 4])
    }

    @Test("a convolution correlates, channels last, kernels HWIO")
    func convolution() throws {
        let window = Window(kernel: (1, 2), stride: (1, 1), padding: (0, 0, 0, 1))
        let x = TensorValue([1, 1, 2, 2], [1, 2, 3, 4])
        let w = TensorValue([1, 2, 2, 1], [1, 10, 100, 1000])
        #expect(try value(.convolution(window), (x, .real), (w, .real)).elements == [4321, 43])
    }

    @Test("matrix products transpose what they are told to")
    func matmul() throws {
        let (a, b) = (TensorValue([2, 1], [2, 3]), TensorValue([2, 2], [1, 10, 100, 1000]))
        #expect(
            try value(.matmul(transposeA: true, transposeB: true), (a, .real), (b, .real)).elements == [32, 3200])
    }

    @Test("transpose, slice, pad and concatenate move elements as their attributes say")
    func movement() throws {
        let x = TensorValue([2, 3], [1, 2, 3, 4, 5, 6])
        #expect(try value(.transpose(permutation: [1, 0]), (x, .real)).elements == [1, 4, 2, 5, 3, 6])
        #expect(try value(.slice(start: [1, 1], size: [1, 2]), (x, .real)).elements == [5, 6])
        #expect(
            try value(.pad(before: [0, 1], after: [1, 0]), (x, .real)).elements == [0, 1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0])
        let y = TensorValue([2, 1], [7, 8])
        #expect(try value(.concatenate(axis: 1), (x, .real), (y, .real)).elements == [1, 2, 3, 7, 4, 5, 6, 8])
        #expect(try value(.broadcast([2, 2], axes: [0, 1]), (y, .real)).elements == [7, 7, 8, 8])
    }

    @Test("rows that share an index are added")
    func scatter() throws {
        let (rows, index) = (TensorValue([3, 1], [1, 2, 4]), TensorValue([3], [1, 0, 1]))
        #expect(try value(.scatterAddRows(count: 3), (rows, .real), (index, .index)).elements == [2, 5, 0])
    }

    @Test("argmax names the first maximum along its axis")
    func argmax() throws {
        let x = TensorValue([2, 3], [1, 5, 5, 9, 0, 9])
        #expect(try value(.argmax(axis: 1), (x, .real)).elements == [1, 0])
        #expect(try value(.argmax(axis: 0), (x, .real)).elements == [1, 0, 1])
    }

    @Test("an index past the end names itself and the limit")
    func indexOutOfRange() throws {
        let error = #expect(throws: InterpreterError.self) {
            try value(.oneHot(classes: 3), (TensorValue([1], [3]), .index))
        }
        #expect(error?.message == "%1 (op): 3.0 is not an index below 3")
    }

    @Test("a leaf without a value and one with another shape are named")
    func feeds() throws {
        var graph = Graph()
        graph.outputs = [Output("y", graph.append(.parameter(name: "w", [2]), origin: Origin("w")))]
        let missing = #expect(throws: InterpreterError.self) { try Interpreter(graph).evaluate([:]) }
        #expect(missing?.message == "%0 (w): no value is given for w")
        let other = #expect(throws: InterpreterError.self) {
            try Interpreter(graph).evaluate(["w": TensorValue([1], [0])])
        }
        #expect(other?.message == "%0 (w): w is [2], but [1] is given")
    }
}
