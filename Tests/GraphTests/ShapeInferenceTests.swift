import Graph
import Testing

/// The shape rule of each operation: what follows, and what is refused with which words.
@Suite struct ShapeInferenceTests {
    private static let window = Window(kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1))

    @Test(
        "types that follow",
        arguments: [
            (
                Op.matmul(transposeA: true, transposeB: true), [TensorType([3, 2]), TensorType([4, 3])],
                TensorType([2, 4])
            ),
            (
                .convolution(window), [TensorType([8, 28, 28, 1]), TensorType([4, 4, 1, 64])],
                TensorType([8, 14, 14, 64])
            ),
            (
                .convolutionInputGradient(window, height: 28, width: 29),
                [TensorType([8, 14, 14, 64]), TensorType([4, 4, 1, 64])], TensorType([8, 28, 29, 1])
            ),
            (
                .convolutionWeightGradient(window), [TensorType([8, 28, 28, 1]), TensorType([8, 14, 14, 64])],
                TensorType([4, 4, 1, 64])
            ),
            (.argmax(axis: 1), [TensorType([2, 3])], TensorType([2], .index)),
            (.oneHot(classes: 10), [TensorType([64], .index)], TensorType([64, 10])),
            (.gatherRows, [TensorType([10, 5, 2]), TensorType([64], .index)], TensorType([64, 5, 2])),
            (.scatterAddRows(count: 10), [TensorType([64, 5]), TensorType([64], .index)], TensorType([10, 5])),
            (.broadcast([2, 3, 4], axes: [1, 2]), [TensorType([1, 4])], TensorType([2, 3, 4])),
            (.concatenate(axis: 1), [TensorType([2, 3]), TensorType([2, 1])], TensorType([2, 4])),
            (.gradient, [TensorType([2]), TensorType([3, 4])], TensorType([3, 4])),
        ])
    func follows(op: Op, operands: [TensorType], result: TensorType) throws {
        #expect(try inferType(of: op, operands) == result)
    }

    @Test(
        "operands that do not fit are refused with their shapes",
        arguments: [
            (Op.binary(.add), [TensorType([2]), TensorType([3])], "add of [2] and [3]"),
            (.unary(.tanh), [], "tanh takes 1 operands, not 0"),
            (.unary(.tanh), [TensorType([2], .index)], "tanh takes real numbers, not index[2]"),
            (
                .matmul(transposeA: false, transposeB: false), [TensorType([2, 3]), TensorType([4, 5])],
                "a matrix product of [2, 3] and [4, 5] contracts 3 with 4"
            ),
            (.reshape([5]), [TensorType([2, 3])], "[2, 3] has 6 elements, [5] has 5"),
            (
                .reshape([-2, -3]), [TensorType([2, 3])],
                "[-2, -3] is not a shape: extents are positive, axes at most eight"
            ),
            (.reduceSum(axes: [1, 0]), [TensorType([2, 3])], "axes [1, 0] of [2, 3]: they are ascending and below 2"),
            (.slice(start: [1], size: [2]), [TensorType([2])], "a slice of [2] from [1] leaves [2]"),
            (
                .broadcast([2, 3], axes: [0]), [TensorType([3])], "[3] cannot be stretched to [2, 3] along axes [0]"
            ),
            (
                .averagePool(Window(kernel: (2, 2), stride: (2, 2), padding: (2, 0, 0, 0))),
                [TensorType([1, 4, 4, 1])],
                "a pooling's window 2x2 stride 2x2 pad 2,0,0,0 lies in the padding alone"
            ),
            (
                .convolutionInputGradient(
                    Window(kernel: (2, 2), stride: (0, 1), padding: (0, 0, 0, 0)), height: 4, width: 4),
                [TensorType([1, 4, 4, 1]), TensorType([2, 2, 1, 1])],
                "a window 2x2 stride 0x1 pad 0,0,0,0 has an extent or a stride below 1"
            ),
            (
                .convolution(Window(kernel: (5, 5), stride: (1, 1), padding: (0, 0, 0, 0))),
                [TensorType([1, 4, 4, 1]), TensorType([5, 5, 1, 1])],
                "a window 5x5 stride 1x1 pad 0,0,0,0 does not fit into images [1, 4, 4, 1]"
            ),
        ])
    func refused(op: Op, operands: [TensorType], message: String) {
        let error = #expect(throws: ShapeError.self) { try inferType(of: op, operands) }
        #expect(error?.message == message)
    }
}
