import Graph

/// One operation drawn at random, by family.
extension GraphGenerator {
    mutating func addOperation() {
        switch numbers.int(0...11) {
        case 0, 1: addUnary()
        case 2, 3: addBinary()
        case 4, 5: addShapeOperation()
        case 6: addReduction()
        case 7: addContraction()
        case 8: addIndexing()
        case 9: addPooling()
        case 10: addComposite()
        default: numbers.chance(0.3) ? addNumber() : addUnary()
        }
    }

    private mutating func addUnary() {
        let functions: [UnaryFunction] = [
            .negate, .reciprocal, .square, .squareRoot, .absolute, .sign, .exponential, .logarithm, .sine, .cosine,
            .tanh,
            .sigmoid, .softplus, .relu, .leakyReLU(slope: 0.2), .elu(alpha: 0.7), .step, .leakyStep(slope: 0.2),
            .power(numbers.choose([0, 0.5, 1, 1.5, 2, 3, -1])), .floor, .round,
        ]
        let function = numbers.choose(functions)
        guard var x = pick() else { return }
        // Half of the draws that would leave the function's domain are brought into it first.
        let needsPositive =
            [.squareRoot, .logarithm, .reciprocal].contains(function) || function.row.name.hasPrefix("power")
        if needsPositive, numbers.chance(0.7), let positive = append(.unary(.softplus), [x]) { x = positive }
        append(.unary(function), [x])
    }

    private mutating func addBinary() {
        guard let a = pick(), let other = pick(), var b = fitted(other, to: a.value.shape) else { return }
        if numbers.chance(0.15), let condition = pick(where: { $0.value.shape == a.value.shape }) {
            append(.select, [condition, a, b])
            return
        }
        let function = numbers.choose(BinaryFunction.allCases)
        if function == .divide, numbers.chance(0.7), let positive = append(.unary(.softplus), [b]) { b = positive }
        append(.binary(function), numbers.chance(0.5) ? [a, b] : [b, a])
    }

    private mutating func addNumber() {
        let value = numbers.choose([0, 1, -1, 0.5, 2])
        let shape = pick()?.value.shape ?? .scalar
        let scalar = PoolEntry(
            id: graph.append(.constant(value), origin: origin), value: TensorValue(value), isExact: true)
        append(.broadcast(shape, axes: []), [scalar])
    }

    private mutating func addShapeOperation() {
        guard let x = pick() else { return }
        let shape = x.value.shape
        switch numbers.int(0...6) {
        case 0:
            append(.reshape(numbers.chance(0.5) ? [shape.count] : Shape(shape.dimensions.reversed())), [x])
        case 1:
            append(.transpose(permutation: (0..<shape.rank).shuffled(using: &numbers)), [x])
        case 2:
            guard shape.rank < 4, shape.count < 60 else { return }
            var (dimensions, axes) = (shape.dimensions, Array(0..<shape.rank))
            let place = numbers.int(0...shape.rank)
            dimensions.insert(numbers.int(1...3), at: place)
            for axis in axes.indices where axis >= place { axes[axis] += 1 }
            for (axis, target) in axes.enumerated() where shape[axis] == 1 { dimensions[target] = numbers.int(1...3) }
            append(.broadcast(Shape(dimensions), axes: axes), [x])
        case 3:
            let start = shape.dimensions.map { numbers.int(0...$0 - 1) }
            append(.slice(start: start, size: zip(shape.dimensions, start).map { numbers.int(1...$0 - $1) }), [x])
        case 4:
            guard shape.count < 60 else { return }
            append(
                .pad(
                    before: shape.dimensions.map { _ in numbers.int(0...1) },
                    after: shape.dimensions.map { _ in numbers.int(0...2) }), [x])
        case 5:
            guard shape.rank > 0, shape.count < 60 else { return }
            let axis = numbers.int(0...shape.rank - 1)
            let partner = pick {
                $0.value.shape.removing(axes: [axis]) == shape.removing(axes: [axis])
                    && $0.value.shape.rank == shape.rank
            }
            append(.concatenate(axis: axis), [x, partner ?? x] + (numbers.chance(0.3) ? [x] : []))
        default:
            append(.stopGradient, [x])
        }
    }

    private mutating func axes(_ rank: Int) -> [Int] { (0..<rank).filter { _ in numbers.chance(0.5) } }

    private mutating func addReduction() {
        guard let x = pick(where: { $0.value.shape.rank > 0 }) else { return }
        let axes = axes(x.value.shape.rank)
        append(numbers.chance(0.6) ? .reduceSum(axes: axes) : .reduceMax(axes: axes), [x])
    }

    private mutating func addContraction() {
        if numbers.chance(0.5) {
            guard let x = pick(where: { $0.value.shape.rank > 0 }) else { return }
            let (columns, count) = (x.value.shape.dimensions.last!, x.value.shape.count)
            guard let a = fitted(x, to: [count / columns, columns]) else { return }
            let (transposeA, transposeB) = (numbers.chance(0.5), numbers.chance(0.5))
            let (contracted, free) = (a.value.shape[transposeA ? 0 : 1], numbers.int(1...4))
            let shape: Shape = transposeB ? [free, contracted] : [contracted, free]
            let b = pick { $0.value.shape == shape } ?? addLeaf(shape)
            append(.matmul(transposeA: transposeA, transposeB: transposeB), [a, b])
            return
        }
        guard let x = image(), let window = window(x.value.shape, isPooling: false) else { return }
        let (shape, filters) = (x.value.shape, numbers.int(1...3))
        let size = window.outputSize(height: shape[1], width: shape[2])
        let output: Shape = [shape[0], size.height, size.width, filters]
        let weights: Shape = [window.kernelHeight, window.kernelWidth, shape[3], filters]
        switch numbers.int(0...2) {
        case 0: append(.convolution(window), [x, addLeaf(weights)])
        case 1:
            let inputGradient = Op.convolutionInputGradient(window, height: shape[1], width: shape[2])
            append(inputGradient, [addLeaf(output), addLeaf(weights)])
        default: append(.convolutionWeightGradient(window), [x, addLeaf(output)])
        }
    }

    /// Images from the pool or new ones.
    private mutating func image() -> PoolEntry? {
        if numbers.chance(0.6), let image = pick(where: { $0.value.shape.rank == 4 }) { return image }
        return addLeaf([numbers.int(1...2), numbers.int(2...5), numbers.int(2...5), numbers.int(1...3)])
    }

    private mutating func window(_ shape: Shape, isPooling: Bool) -> Window? {
        let kernel = (numbers.int(1...3), numbers.int(1...3))
        let limit = isPooling ? (kernel.0 - 1, kernel.1 - 1) : (2, 2)
        let window = Window(
            kernel: kernel, stride: (numbers.int(1...4), numbers.int(1...3)),
            padding: (
                numbers.int(0...limit.0), numbers.int(0...limit.0), numbers.int(0...limit.1), numbers.int(0...limit.1)
            ))
        let size = window.outputSize(height: shape[1], width: shape[2])
        return size.height > 0 && size.width > 0 ? window : nil
    }

    private mutating func addIndexing() {
        switch numbers.int(0...4) {
        case 0:
            guard let table = pick(where: { $0.value.shape.rank > 0 }) else { return }
            let index = addIndexLeaf([numbers.int(1...4)], below: table.value.shape[0])
            append(.gatherRows, [table, index])
        case 1:
            guard let rows = pick(where: { $0.value.shape.rank > 0 }) else { return }
            let index = addIndexLeaf([rows.value.shape[0]], below: 3)
            append(.scatterAddRows(count: numbers.int(3...4)), [rows, index])
        case 2:
            append(.oneHot(classes: 3), [addIndexLeaf([numbers.int(1...4)], below: 3)])
        case 3:
            guard let x = pick(where: { $0.value.shape.rank == 2 }),
                let best = append(.argmax(axis: 1), [x])
            else { return }
            append(.oneHot(classes: x.value.shape[1]), [best])
        default:
            guard let x = image() else { return }
            let shape = x.value.shape
            let positions: Shape = [shape[0], numbers.int(1...3), numbers.int(1...3), shape[3]]
            let index = addIndexLeaf(positions, below: shape[1] * shape[2])
            guard let gathered = append(.gatherIndex, [x, index]), numbers.chance(0.6) else { return }
            append(.scatterIndex(height: shape[1], width: shape[2]), [gathered, index])
        }
    }

    private mutating func addPooling() {
        guard let x = image(), let window = window(x.value.shape, isPooling: true) else { return }
        let shape = x.value.shape
        switch numbers.int(0...2) {
        case 0:
            guard let index = append(.maxPoolIndex(window), [x]) else { return }
            append(.gatherIndex, [x, index])
        case 1:
            append(.averagePool(window), [x])
        default:
            let size = window.outputSize(height: shape[1], width: shape[2])
            let cotangent = addLeaf([shape[0], size.height, size.width, shape[3]])
            append(.averagePoolGradient(window, height: shape[1], width: shape[2]), [cotangent])
        }
    }

    private mutating func addComposite() {
        guard let x = pick(where: { $0.value.shape.rank > 0 }) else { return }
        let rank = x.value.shape.rank
        let (axes, axis) = (axes(rank), numbers.int(0...rank - 1))
        switch numbers.int(0...8) {
        case 0: append(.composite(.mean(axes: axes)), [x])
        case 1: append(.composite(.variance(axes: axes)), [x])
        case 2: append(.composite(.norm(axes: axes, epsilon: numbers.choose([0, 1e-3]))), [x])
        case 3: append(.composite(.normalize(axes: axes, epsilon: 1e-2)), [x])
        case 4: append(.composite(.softmax(axis: axis)), [x])
        case 5: append(.composite(.logSoftmax(axis: axis)), [x])
        case 6: append(.composite(.clip(low: -0.5, high: 0.75)), [x])
        case 7:
            guard let other = pick(where: { $0.value.shape == x.value.shape }),
                let probability = append(.unary(.sigmoid), [x]), let target = append(.unary(.sigmoid), [other])
            else { return }
            append(.composite(.binaryCrossEntropy(clip: 1e-3)), [probability, target])
        default:
            guard let other = pick(where: { $0.value.shape == x.value.shape }) else { return }
            append(.composite(.logitCrossEntropy), [x, other])
        }
    }
}
