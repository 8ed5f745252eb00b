import Graph
import Testing

/// One operation on parameters `a`, `b`, `c`, as a row of the table below.
public struct OperationCase: CustomTestStringConvertible, Sendable {
    /// What is applied to what.
    public let name: String
    /// Builds the operation on new parameters and returns its result.
    public let build: @Sendable (inout Expression) -> NodeID
    /// The name.
    public var testDescription: String { name }

    init(_ name: String, _ build: @escaping @Sendable (inout Expression) -> NodeID) {
        self.name = name
        self.build = build
    }
}

extension OperationCase {
    /// Every operation and composite, at points where it is smooth: strides above the kernel, extents of 1, asymmetric
    /// padding and repeated indices included.
    public static let all = unary + binary + shapes + contractions + indexing + composites

    /// Every unary function.
    public static let unary: [OperationCase] = [
        (.negate, -1, 1), (.reciprocal, 0.5, 2), (.square, -1, 1), (.squareRoot, 0.5, 2), (.absolute, 0.1, 1),
        (.absolute, -1, -0.1), (.exponential, -1, 1), (.logarithm, 0.5, 2), (.sine, -3, 3), (.cosine, -3, 3),
        (.tanh, -2, 2), (.sigmoid, -4, 4), (.softplus, -4, 4), (.relu, 0.1, 1), (.relu, -1, -0.1),
        (.leakyReLU(slope: 0.2), 0.1, 1), (.leakyReLU(slope: 0.2), -1, -0.1), (.leakyReLU(slope: -0.5), -1, -0.1),
        (.elu(alpha: 0.7), 0.1, 1), (.elu(alpha: 0.7), -2, -0.1), (.power(2.5), 0.5, 2), (.power(3), -1, 1),
        (.power(2), -1, 1), (.power(1), -1, 1), (.power(0), -1, 1), (.sign, 0.1, 1), (.step, 0.1, 1),
        (.leakyStep(slope: 0.2), -1, -0.1), (.floor, 0.1, 0.9), (.round, 0.6, 1.4),
    ].map { (function: UnaryFunction, low: Double, high: Double) in
        OperationCase("\(function.row.name) on \(low)...\(high)") {
            $0.op(.unary(function), $0.parameter("a", [2, 3], low, high))
        }
    }

    /// Every binary function, and selection.
    public static let binary: [OperationCase] =
        BinaryFunction.allCases.map { function in
            OperationCase(function.rawValue) {
                $0.op(.binary(function), $0.parameter("a", [2, 3]), $0.parameter("b", [2, 3], 1.1, 2))
            }
        } + [
            OperationCase("maximum where the first wins") {
                $0.op(.binary(.maximum), $0.parameter("a", [2, 3], 2.1, 3), $0.parameter("b", [2, 3], 1, 2))
            },
            OperationCase("the same operand twice") {
                let a = $0.parameter("a", [3])
                return $0.op(.binary(.multiply), a, a)
            },
            OperationCase("select") {
                let condition = $0.parameter("c", TensorValue([4], [1, 0, -2, 0]))
                return $0.op(.select, condition, $0.parameter("a", [4]), $0.parameter("b", [4]))
            },
        ]

    /// What moves values without changing them, and reductions.
    public static let shapes: [OperationCase] =
        [
            ("reshape", [2, 3], .reshape([3, 2])),
            ("transpose", [2, 3, 4], .transpose(permutation: [2, 0, 1])),
            ("broadcast to new axes", [3], .broadcast([2, 3, 4], axes: [1])),
            ("broadcast of extents of 1", [1, 3, 1], .broadcast([2, 3, 4], axes: [0, 1, 2])),
            ("broadcast of an extent of 1 to 1", [1, 3], .broadcast([1, 2, 3], axes: [0, 2])),
            ("broadcast of a scalar", [], .broadcast([2, 2], axes: [])),
            ("slice", [4, 5], .slice(start: [1, 2], size: [2, 3])),
            ("pad", [2, 3], .pad(before: [1, 0], after: [2, 3])),
            ("reduceSum", [2, 3, 4], .reduceSum(axes: [0, 2])),
            ("reduceSum of everything", [2, 3], .reduceSum(axes: [0, 1])),
            ("reduceSum of an extent of 1", [2, 1, 3], .reduceSum(axes: [1])),
            ("reduceMax", [2, 3, 4], .reduceMax(axes: [1])),
            ("reduceMax of two axes", [2, 3, 4], .reduceMax(axes: [0, 2])),
        ].map { (name: String, shape: Shape, op: Op) in
            OperationCase(name) { $0.op(op, $0.parameter("a", shape)) }
        } + [
            OperationCase("concatenate") {
                let (a, b) = ($0.parameter("a", [2, 1]), $0.parameter("b", [2, 3]))
                return $0.op(.concatenate(axis: 1), a, b, a)
            }
        ]

    /// Matrix products and the convolution triple.
    public static let contractions: [OperationCase] =
        [(false, false), (false, true), (true, false), (true, true)].map { flags in
            OperationCase("matmul transposeA \(flags.0) transposeB \(flags.1)") {
                let (a, b) = (
                    $0.parameter("a", flags.0 ? [3, 2] : [2, 3]), $0.parameter("b", flags.1 ? [4, 3] : [3, 4])
                )
                return $0.op(.matmul(transposeA: flags.0, transposeB: flags.1), a, b)
            }
        }
        + windows.flatMap { name, window in
            let size = window.outputSize(height: 5, width: 6)
            let (image, weights): (Shape, Shape) = ([2, 5, 6, 2], [window.kernelHeight, window.kernelWidth, 2, 3])
            let output: Shape = [2, size.height, size.width, 3]
            return [
                OperationCase("convolution, \(name)") {
                    $0.op(.convolution(window), $0.parameter("a", image), $0.parameter("b", weights))
                },
                OperationCase("convolutionInputGradient, \(name)") {
                    let (a, b) = ($0.parameter("a", output), $0.parameter("b", weights))
                    return $0.op(.convolutionInputGradient(window, height: 5, width: 6), a, b)
                },
                OperationCase("convolutionWeightGradient, \(name)") {
                    let (a, b) = ($0.parameter("a", image, -0.3, 0.3), $0.parameter("b", output, -0.3, 0.3))
                    return $0.op(.convolutionWeightGradient(window), a, b)
                },
            ]
        }

    /// Rows and pixels by index, and pooling.
    public static let indexing: [OperationCase] =
        [
            OperationCase("gatherRows with repetitions") {
                let (a, index) = ($0.parameter("a", [3, 2]), $0.indices("i", [5], below: 3))
                return $0.op(.gatherRows, a, index)
            },
            OperationCase("scatterAddRows with repetitions") {
                let (a, index) = ($0.parameter("a", [5, 2]), $0.indices("i", [5], below: 3))
                return $0.op(.scatterAddRows(count: 4), a, index)
            },
            OperationCase("gatherIndex") {
                let (a, index) = ($0.parameter("a", [2, 3, 3, 2]), $0.indices("i", [2, 2, 1, 2], below: 9))
                return $0.op(.gatherIndex, a, index)
            },
            OperationCase("scatterIndex") {
                let (a, index) = ($0.parameter("a", [2, 2, 1, 2]), $0.indices("i", [2, 2, 1, 2], below: 9))
                return $0.op(.scatterIndex(height: 3, width: 3), a, index)
            },
        ]
        + windows.filter { $0.1.padTop < $0.1.kernelHeight && $0.1.padLeft < $0.1.kernelWidth }.flatMap {
            name, window in
            let size = window.outputSize(height: 5, width: 6)
            return [
                OperationCase("max pooling, \(name)") {
                    let a = $0.parameter("a", [2, 5, 6, 2])
                    return $0.op(.gatherIndex, a, $0.op(.maxPoolIndex(window), a))
                },
                OperationCase("averagePool, \(name)") { $0.op(.averagePool(window), $0.parameter("a", [2, 5, 6, 2])) },
                OperationCase("averagePoolGradient, \(name)") {
                    let a = $0.parameter("a", [2, size.height, size.width, 2])
                    return $0.op(.averagePoolGradient(window, height: 5, width: 6), a)
                },
            ]
        }

    /// Windows with their names: strides above the kernel, asymmetric padding.
    public static let windows: [(String, Window)] = [
        ("3x3", Window(kernel: (3, 3), stride: (1, 1), padding: (0, 0, 0, 0))),
        ("stride 2 same", Window(kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1))),
        ("stride above kernel", Window(kernel: (1, 2), stride: (3, 4), padding: (0, 0, 0, 0))),
        ("asymmetric padding", Window(kernel: (3, 2), stride: (2, 1), padding: (2, 0, 0, 1))),
        ("kernel of the image's size", Window(kernel: (5, 6), stride: (1, 1), padding: (0, 0, 0, 0))),
    ]

    /// The operations that are decomposed.
    public static let composites: [OperationCase] =
        [
            ("mean", .mean(axes: [0, 2])), ("mean over nothing", .mean(axes: [])),
            ("variance", .variance(axes: [0])), ("norm", .norm(axes: [1, 2], epsilon: 0)),
            ("norm with epsilon", .norm(axes: [0], epsilon: 1e-3)),
            ("normalize", .normalize(axes: [0, 1], epsilon: 1e-3)),
            ("softmax", .softmax(axis: 1)), ("logSoftmax", .logSoftmax(axis: 2)), ("clip", .clip(low: -0.5, high: 0.5)),
        ].map { (name: String, composite: Composite) in
            OperationCase(name) { $0.op(.composite(composite), $0.parameter("a", [3, 4, 2])) }
        } + [
            OperationCase("binaryCrossEntropy") {
                let (a, b) = ($0.parameter("a", [4], 0.1, 0.9), $0.parameter("b", [4], 0, 1))
                return $0.op(.composite(.binaryCrossEntropy(clip: 1e-7)), a, b)
            },
            OperationCase("logitCrossEntropy") {
                let (a, b) = ($0.parameter("a", [4], -3, 3), $0.parameter("b", [4], 0, 1))
                return $0.op(.composite(.logitCrossEntropy), a, b)
            },
        ]
}
