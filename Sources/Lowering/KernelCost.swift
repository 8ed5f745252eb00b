import Graph

/// What one run of a piece of work costs, as its shapes tell: arithmetic, and what has to pass between memory and the
/// processor if nothing is in a cache.
public struct KernelCost: Hashable, Sendable {
    /// Multiplications and additions of a contraction by the direct method.
    public var contractionFLOPs = 0
    /// Operations of fused arithmetic, reductions, updates and random numbers. A function that is computed by a series
    /// counts the operations of the series.
    public var otherOperations = 0
    /// Bytes of operands, each element once.
    public var bytesRead = 0
    /// Bytes of results.
    public var bytesWritten = 0

    /// No work.
    public init() {}

    /// All arithmetic.
    public var operations: Int { contractionFLOPs + otherOperations }
    /// All traffic.
    public var bytes: Int { bytesRead + bytesWritten }
    /// Operations for each byte; infinite where nothing is read or written.
    public var intensity: Double { bytes == 0 ? .infinity : Double(operations) / Double(bytes) }

    /// The sum of two pieces of work.
    public static func + (a: KernelCost, b: KernelCost) -> KernelCost {
        var sum = a
        sum.contractionFLOPs += b.contractionFLOPs
        sum.otherOperations += b.otherOperations
        sum.bytesRead += b.bytesRead
        sum.bytesWritten += b.bytesWritten
        return sum
    }

    /// `count` times a piece of work.
    public static func * (a: KernelCost, count: Int) -> KernelCost {
        var product = a
        product.contractionFLOPs *= count
        product.otherOperations *= count
        product.bytesRead *= count
        product.bytesWritten *= count
        return product
    }
}

extension Function {
    /// What one run of `kernel` costs with numbers of `realBytes` bytes.
    public func cost(of kernel: Kernel, realBytes: Int) -> KernelCost {
        var cost = KernelCost()
        cost.contractionFLOPs = kernel.contractionFLOPs
        func bytes(_ id: BufferID, elements: Int? = nil) -> Int {
            let type = buffers[id.index].type
            return min(elements ?? .max, type.shape.count) * (type.element == .index ? 4 : realBytes)
        }
        cost.bytesWritten = bytes(kernel.writes)
        let operands = kernel.reads.uniqued()
        switch kernel.body {
        case .loops(let nest):
            cost.otherOperations = nest.operations
            // A kernel may fill a part of a joined buffer.
            cost.bytesWritten = bytes(kernel.writes, elements: nest.extents[..<nest.parallelAxes].reduce(1, *))
            for read in operands { cost.bytesRead += bytes(read, elements: nest.elementsRead(of: read)) }
        case .gatherRows(let count, let width):
            cost.bytesRead = bytes(kernel.reads[0], elements: count * width) + bytes(kernel.reads[1])
        case .scatterAddRows(let count, let width, _):
            cost.otherOperations = count * width
            for read in operands { cost.bytesRead += bytes(read) }
        case .pooling(let kind, let window):
            cost.otherOperations = window.poolingOperations(kind)
            for read in operands { cost.bytesRead += bytes(read) }
        case .argmax(let outer, let extent, let inner):
            cost.otherOperations = outer * extent * inner
            for read in operands { cost.bytesRead += bytes(read) }
        case .draw(let draw, _): cost.otherOperations = kernel.type.shape.count * draw.distribution.operations
        // A pixel is a byte of the data set; it is scaled and shifted.
        case .gatherImages:
            cost.otherOperations = 2 * kernel.type.shape.count
            cost.bytesRead = kernel.type.shape.count
        case .gatherLabels: cost.bytesRead = 4 * kernel.type.shape.count
        case .matmul, .convolution, .oneHot:
            let epilogue = kernel.epilogue?.nest
            for read in operands {
                // Of what the epilogue alone reads, a bias for example, only the elements that it reads.
                let isEpilogues = kernel.epilogue?.reads.contains(read) ?? false
                cost.bytesRead += bytes(read, elements: isEpilogues ? epilogue?.elementsRead(of: read) : nil)
            }
        }
        // The epilogue reads the contraction's result from the cache, and so do a gradient's squares.
        cost.otherOperations += kernel.epilogue?.nest.operations ?? 0
        if squaredGradient(of: kernel) != nil { cost.otherOperations += 2 * kernel.type.shape.count }
        return cost
    }
}

extension LoopNest {
    /// Operations of all iterations; a value that does not depend on the inner loops is computed outside of them.
    var operations: Int {
        var depths: [Int] = []
        var count = 0
        func reach(_ affine: Affine) -> Int { affine.terms.lastIndex { $0 != 0 } ?? -1 }
        func iterations(at depth: Int) -> Int { extents[...depth].reduce(1, *) }
        for instruction in body {
            let (depth, operations): (Int, Int) =
                switch instruction {
                case .load(let access, let guards):
                    (([access.element] + guards.map(\.coordinate)).map(reach).max() ?? -1, 0)
                case .constant: (-1, 0)
                case .unary(let function, let x): (depths[x], function.operations)
                case .binary(_, let a, let b): (max(depths[a], depths[b]), 1)
                case .select(let c, let a, let b): (max(depths[c], depths[a], depths[b]), 1)
                case .guarded(let guards, let x): (max(depths[x], guards.map { reach($0.coordinate) }.max() ?? -1), 0)
                }
            depths.append(depth)
            count += operations * (depth < 0 ? 1 : iterations(at: depth))
        }
        return count + (reduction == nil ? 0 : self.iterations)
    }

    /// Elements of `buffer` that the loops read, at most: an access does not move with the loops that it ignores.
    func elementsRead(of buffer: BufferID) -> Int {
        var count = 0
        for case .load(let access, _) in Set(body) where access.buffer == buffer {
            count += zip(extents, access.element.terms).reduce(1) { $1.1 == 0 ? $0 : $0 * $1.0 }
        }
        return count
    }
}

extension Convolution {
    /// Additions or comparisons of a pooling with this window.
    fileprivate func poolingOperations(_ kind: PoolingKind) -> Int {
        switch kind {
        case .average, .averageGradient, .maximumIndex:
            batch * outHeight * outWidth * channels * window.kernelHeight * window.kernelWidth
        case .gather: 0
        case .scatter: batch * outHeight * outWidth * channels
        }
    }
}

extension UnaryFunction {
    /// Operations of one value in float, as `templates/c` computes it; a division or square root counts as one.
    fileprivate var operations: Int {
        switch self {
        case .negate, .reciprocal, .square, .squareRoot, .absolute, .sign, .relu, .step, .leakyStep, .floor, .round: 1
        case .leakyReLU: 2
        case .exponential: 25
        case .logarithm, .sine, .cosine: 30
        case .tanh, .sigmoid, .elu: 30
        case .softplus, .power: 60
        }
    }
}

extension Distribution {
    /// Operations of one number: a quarter of ten rounds of Philox, and for a normal half of a Box-Muller pair.
    fileprivate var operations: Int {
        switch self {
        case .uniform, .bernoulli: 25
        case .normal: 75
        }
    }
}

extension Array where Element: Hashable {
    /// Each element once, in order of first appearance.
    func uniqued() -> [Element] {
        var seen = Set<Element>()
        return filter { seen.insert($0).inserted }
    }
}
