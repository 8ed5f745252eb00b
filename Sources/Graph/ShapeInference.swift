/// Operands that do not fit an operation.
public struct ShapeError: Error, Hashable, Sendable {
    /// One line with the shapes in it.
    public var message: String

    /// An error that says `message`.
    public init(_ message: String) { self.message = message }
}

/// The type of `op` applied to operands of the types `inputs`: one exhaustive table.
///
/// - Throws: ``ShapeError`` when the number, shapes or element types of the operands do not fit.
public func inferType(of op: Op, _ inputs: [TensorType]) throws(ShapeError) -> TensorType {
    let rule = ShapeRule(op: op, inputs: inputs)
    switch op {
    case .constant:
        try rule.expect(0)
        return TensorType(.scalar)
    case .parameter(_, let shape), .random(_, let shape):
        try rule.expect(0)
        try rule.check(positive: shape)
        return TensorType(shape)
    case .input(_, let type):
        try rule.expect(0)
        try rule.check(positive: type.shape)
        return type
    case .unary:
        try rule.expectReal(1)
        return inputs[0]
    case .stopGradient:
        try rule.expect(1)
        return inputs[0]
    case .binary:
        try rule.expectReal(2)
        return try rule.sameShape(0, 1)
    case .select:
        try rule.expectReal(3)
        _ = try rule.sameShape(0, 1)
        return try rule.sameShape(1, 2)
    case .reshape(let shape):
        try rule.expect(1)
        try rule.check(positive: shape)
        guard shape.count == inputs[0].shape.count else {
            throw ShapeError(
                "\(inputs[0].shape) has \(inputs[0].shape.count) elements, \(shape) has \(shape.count)")
        }
        return TensorType(shape, inputs[0].element)
    case .transpose(let permutation):
        try rule.expect(1)
        let shape = inputs[0].shape
        guard permutation.sorted() == Array(0..<shape.rank) else {
            throw ShapeError("\(permutation) is not an order of the \(shape.rank) axes of \(shape)")
        }
        return TensorType(Shape(permutation.map { shape[$0] }), inputs[0].element)
    case .broadcast(let shape, let axes):
        try rule.expect(1)
        try rule.check(positive: shape)
        let operand = inputs[0].shape
        guard axes.count == operand.rank, zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }),
            axes.allSatisfy({ $0 >= 0 && $0 < shape.rank }),
            axes.enumerated().allSatisfy({ operand[$0.offset] == 1 || operand[$0.offset] == shape[$0.element] })
        else { throw ShapeError("\(operand) cannot be stretched to \(shape) along axes \(axes)") }
        return TensorType(shape, inputs[0].element)
    case .slice(let start, let size):
        try rule.expect(1)
        let shape = inputs[0].shape
        guard start.count == shape.rank, size.count == shape.rank,
            (0..<shape.rank).allSatisfy({
                start[$0] >= 0 && size[$0] > 0 && size[$0] <= shape[$0] && start[$0] <= shape[$0] - size[$0]
            })
        else { throw ShapeError("a slice of \(size) from \(start) leaves \(shape)") }
        return TensorType(Shape(size), inputs[0].element)
    case .pad(let before, let after):
        try rule.expectReal(1)
        let shape = inputs[0].shape
        guard before.count == shape.rank, after.count == shape.rank,
            (before + after).allSatisfy({ (0...ShapeRule.largest).contains($0) })
        else {
            throw ShapeError("padding \(before) before and \(after) after does not fit the axes of \(shape)")
        }
        return TensorType(Shape((0..<shape.rank).map { shape[$0] + before[$0] + after[$0] }))
    case .concatenate(let axis):
        guard let first = inputs.first, axis >= 0, axis < first.shape.rank else {
            throw ShapeError("concatenation along axis \(axis) needs operands with that axis")
        }
        var shape = first.shape
        for other in inputs.dropFirst() {
            guard other.element == first.element, other.shape.rank == shape.rank,
                (0..<shape.rank).allSatisfy({ $0 == axis || other.shape[$0] == shape[$0] })
            else { throw ShapeError("\(first.shape) and \(other.shape) cannot be joined along axis \(axis)") }
            shape[axis] += other.shape[axis]
        }
        return TensorType(shape, first.element)
    case .reduceSum(let axes), .reduceMax(let axes):
        try rule.expectReal(1)
        try rule.check(axes: axes)
        return TensorType(inputs[0].shape.removing(axes: axes))
    case .matmul(let transposeA, let transposeB):
        try rule.expectReal(2)
        let (a, b) = (inputs[0].shape, inputs[1].shape)
        guard a.rank == 2, b.rank == 2 else {
            throw ShapeError("a matrix product of \(a) and \(b) needs two axes each")
        }
        let (m, k) = transposeA ? (a[1], a[0]) : (a[0], a[1])
        let (k2, n) = transposeB ? (b[1], b[0]) : (b[0], b[1])
        guard k == k2 else { throw ShapeError("a matrix product of \(a) and \(b) contracts \(k) with \(k2)") }
        return TensorType([m, n])
    case .convolution(let window):
        try rule.expectReal(2)
        let (x, w) = (inputs[0].shape, inputs[1].shape)
        let size = try rule.window(window, over: x)
        guard w.rank == 4, w[0] == window.kernelHeight, w[1] == window.kernelWidth, w[2] == x[3] else {
            throw ShapeError("weights \(w) do not fit images \(x) and a window \(window)")
        }
        return TensorType([x[0], size.height, size.width, w[3]])
    case .convolutionInputGradient(let window, let height, let width):
        try rule.expectReal(2)
        let (g, w) = (inputs[0].shape, inputs[1].shape)
        guard g.rank == 4, w.rank == 4, w[0] == window.kernelHeight, w[1] == window.kernelWidth, g[3] == w[3],
            try rule.window(window, over: [g[0], height, width, w[2]]) == (g[1], g[2])
        else { throw ShapeError("cotangent \(g), weights \(w) and window \(window) do not give \(height)x\(width)") }
        return TensorType([g[0], height, width, w[2]])
    case .convolutionWeightGradient(let window):
        try rule.expectReal(2)
        let (x, g) = (inputs[0].shape, inputs[1].shape)
        let size = try rule.window(window, over: x)
        guard g.rank == 4, g[0] == x[0], size == (g[1], g[2]) else {
            throw ShapeError("images \(x), cotangent \(g) and window \(window) do not fit")
        }
        return TensorType([window.kernelHeight, window.kernelWidth, x[3], g[3]])
    case .gatherRows:
        try rule.expect(2)
        let (table, index) = (inputs[0], inputs[1])
        guard table.element == .real, index.element == .index, table.shape.rank >= 1, index.shape.rank == 1 else {
            throw ShapeError("rows of \(table) cannot be chosen by \(index)")
        }
        return TensorType(Shape([index.shape[0]] + table.shape.dimensions.dropFirst()))
    case .scatterAddRows(let count):
        try rule.expect(2)
        let (rows, index) = (inputs[0], inputs[1])
        guard rows.element == .real, index.element == .index, count > 0, rows.shape.rank >= 1,
            index.shape == [rows.shape[0]]
        else { throw ShapeError("rows \(rows) cannot be added up by \(index)") }
        return TensorType(Shape([count] + rows.shape.dimensions.dropFirst()))
    case .oneHot(let classes):
        try rule.expect(1)
        guard inputs[0].element == .index, inputs[0].shape.rank == 1, classes > 0 else {
            throw ShapeError("\(inputs[0]) is not a list of labels")
        }
        return TensorType([inputs[0].shape[0], classes])
    case .argmax(let axis):
        try rule.expectReal(1)
        try rule.check(axes: [axis])
        return TensorType(inputs[0].shape.removing(axes: [axis]), .index)
    case .maxPoolIndex(let window):
        try rule.expectReal(1)
        let size = try rule.pool(window, over: inputs[0].shape)
        return TensorType([inputs[0].shape[0], size.height, size.width, inputs[0].shape[3]], .index)
    case .gatherIndex:
        try rule.expect(2)
        let (x, index) = (inputs[0], inputs[1])
        guard x.element == .real, index.element == .index, x.shape.rank == 4, index.shape.rank == 4,
            x.shape[0] == index.shape[0], x.shape[3] == index.shape[3]
        else { throw ShapeError("pixels of \(x) cannot be chosen by \(index)") }
        return TensorType(index.shape)
    case .scatterIndex(let height, let width):
        try rule.expect(2)
        let (g, index) = (inputs[0], inputs[1])
        guard g.element == .real, index.element == .index, g.shape == index.shape, g.shape.rank == 4,
            height > 0, width > 0
        else { throw ShapeError("pixels \(g) cannot be added up by \(index)") }
        return TensorType([g.shape[0], height, width, g.shape[3]])
    case .averagePool(let window):
        try rule.expectReal(1)
        let size = try rule.pool(window, over: inputs[0].shape)
        return TensorType([inputs[0].shape[0], size.height, size.width, inputs[0].shape[3]])
    case .averagePoolGradient(let window, let height, let width):
        try rule.expectReal(1)
        let g = inputs[0].shape
        guard g.rank == 4, try rule.pool(window, over: [g[0], height, width, g[3]]) == (g[1], g[2]) else {
            throw ShapeError("cotangent \(g) and window \(window) do not give \(height)x\(width)")
        }
        return TensorType([g[0], height, width, g[3]])
    case .gradient:
        try rule.expectReal(2)
        return inputs[1]
    case .composite(let composite):
        return try rule.composite(composite)
    }
}

/// The checks that the table above is made of.
private struct ShapeRule {
    let op: Op
    let inputs: [TensorType]

    /// No extent is larger, so that sums of a few do not overflow.
    static let largest = 1 << 34

    func expect(_ count: Int) throws(ShapeError) {
        guard inputs.count == count else {
            throw ShapeError("\(op.name) takes \(count) operands, not \(inputs.count)")
        }
    }

    func expectReal(_ count: Int) throws(ShapeError) {
        try expect(count)
        guard inputs.allSatisfy({ $0.element == .real }) else {
            throw ShapeError(
                "\(op.name) takes real numbers, not \(inputs.map(\.description).joined(separator: " and "))")
        }
    }

    func sameShape(_ a: Int, _ b: Int) throws(ShapeError) -> TensorType {
        guard inputs[a].shape == inputs[b].shape else {
            throw ShapeError("\(op.name) of \(inputs[a].shape) and \(inputs[b].shape)")
        }
        return inputs[a]
    }

    func check(positive shape: Shape) throws(ShapeError) {
        guard shape.rank <= 8, shape.dimensions.allSatisfy({ $0 > 0 }) else {
            throw ShapeError("\(shape) is not a shape: extents are positive, axes at most eight")
        }
        guard shape.isPossible else { throw ShapeError("\(shape) has more than 2^34 elements") }
    }

    func check(axes: [Int]) throws(ShapeError) {
        let rank = inputs[0].shape.rank
        guard zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }), axes.allSatisfy({ $0 >= 0 && $0 < rank }) else {
            throw ShapeError("axes \(axes) of \(inputs[0].shape): they are ascending and below \(rank)")
        }
    }

    func window(_ window: Window, over shape: Shape) throws(ShapeError) -> (height: Int, width: Int) {
        guard shape.rank == 4 else { throw ShapeError("a window \(window) needs images [N, H, W, C], not \(shape)") }
        try check(positive: shape)
        let pads = [window.padTop, window.padBottom, window.padLeft, window.padRight]
        guard window.kernelHeight > 0, window.kernelWidth > 0, window.strideHeight > 0, window.strideWidth > 0,
            pads.allSatisfy({ $0 >= 0 })
        else { throw ShapeError("a window \(window) has an extent or a stride below 1") }
        guard (pads + [window.kernelHeight, window.kernelWidth]).allSatisfy({ $0 <= Self.largest }) else {
            throw ShapeError("a window \(window) has an extent above 2^34")
        }
        let size = window.outputSize(height: shape[1], width: shape[2])
        guard size.height > 0, size.width > 0 else {
            throw ShapeError("a window \(window) does not fit into images \(shape)")
        }
        return size
    }

    /// A pooling's output extents: each window covers at least one pixel, which a padding below the kernel ensures.
    func pool(_ window: Window, over shape: Shape) throws(ShapeError) -> (height: Int, width: Int) {
        guard max(window.padTop, window.padBottom) < window.kernelHeight,
            max(window.padLeft, window.padRight) < window.kernelWidth
        else { throw ShapeError("a pooling's window \(window) lies in the padding alone") }
        return try self.window(window, over: shape)
    }

    func composite(_ composite: Composite) throws(ShapeError) -> TensorType {
        switch composite {
        case .mean(let axes), .variance(let axes), .norm(let axes, _):
            try expectReal(1)
            try check(axes: axes)
            return TensorType(inputs[0].shape.removing(axes: axes))
        case .normalize(let axes, _):
            try expectReal(1)
            try check(axes: axes)
            return inputs[0]
        case .softmax(let axis), .logSoftmax(let axis):
            try expectReal(1)
            try check(axes: [axis])
            return inputs[0]
        case .clip:
            try expectReal(1)
            return inputs[0]
        case .binaryCrossEntropy, .logitCrossEntropy:
            try expectReal(2)
            return try sameShape(0, 1)
        }
    }
}
