/// Flat offsets of all elements of a tensor of `shape`, in row-major order, into storage that is traversed with
/// `strides` from `start` on. A stride of 0 repeats.
func offsets(_ shape: Shape, strides: [Int], start: Int = 0) -> [Int] {
    var offsets = [start]
    for axis in 0..<shape.rank {
        var next: [Int] = []
        next.reserveCapacity(offsets.count * shape[axis])
        for base in offsets {
            for i in 0..<shape[axis] { next.append(base + i * strides[axis]) }
        }
        offsets = next
    }
    return offsets
}

/// Shape operations and reductions: each is a walk over storage with strides of its own.
extension Evaluation {
    func transpose(_ permutation: [Int]) -> [Double] {
        let strides = inputs[0].shape.strides
        return offsets(shape, strides: permutation.map { strides[$0] }).map { inputs[0].elements[$0] }
    }

    func broadcast(axes: [Int]) -> [Double] {
        let operand = inputs[0].shape
        var strides = [Int](repeating: 0, count: shape.rank)
        for (axis, target) in axes.enumerated() where operand[axis] != 1 { strides[target] = operand.strides[axis] }
        return offsets(shape, strides: strides).map { inputs[0].elements[$0] }
    }

    func slice(from start: [Int]) -> [Double] { inputs[0].slice(shape, from: start).elements }

    func concatenate(axis: Int) -> [Double] {
        var parts: [(TensorValue, [Int])] = []
        var position = [Int](repeating: 0, count: shape.rank)
        for input in inputs {
            parts.append((input, position))
            position[axis] += input.shape[axis]
        }
        return placed(parts)
    }

    /// The parts, each at its position, in zeros of the result's shape.
    func placed(_ parts: [(part: TensorValue, position: [Int])]) -> [Double] {
        var result = [Double](repeating: 0, count: shape.count)
        let strides = shape.strides
        for (part, position) in parts {
            let first = zip(position, strides).reduce(0) { $0 + $1.0 * $1.1 }
            for (i, offset) in offsets(part.shape, strides: strides, start: first).enumerated() {
                result[offset] = part.elements[i]
            }
        }
        return result
    }

    func reduce(_ axes: [Int], from initial: Double, _ combine: (Double, Double) -> Double) -> [Double] {
        var result = [Double](repeating: initial, count: shape.count)
        for (i, offset) in reducedOffsets(axes).enumerated() {
            result[offset] = combine(result[offset], inputs[0].elements[i])
        }
        return result
    }

    func argmax(axis: Int) -> [Double] {
        var best = [Double](repeating: -.infinity, count: shape.count)
        var position = [Double](repeating: 0, count: shape.count)
        let (extent, stride) = (inputs[0].shape[axis], inputs[0].shape.strides[axis])
        for (i, offset) in reducedOffsets([axis]).enumerated() where inputs[0].elements[i] > best[offset] {
            best[offset] = inputs[0].elements[i]
            position[offset] = Double(i / stride % extent)
        }
        return position
    }

    /// For each element of the operand, the offset of the result's element it is reduced into.
    private func reducedOffsets(_ axes: [Int]) -> [Int] {
        var strides: [Int] = []
        var kept = shape.strides.makeIterator()
        for axis in 0..<inputs[0].shape.rank { strides.append(axes.contains(axis) ? 0 : kept.next()!) }
        return offsets(inputs[0].shape, strides: strides)
    }
}

extension TensorValue {
    /// The part of `shape` whose first element is the one at `start`.
    public func slice(_ shape: Shape, from start: [Int]) -> TensorValue {
        let strides = self.shape.strides
        let first = zip(start, strides).reduce(0) { $0 + $1.0 * $1.1 }
        return TensorValue(shape, offsets(shape, strides: strides, start: first).map { elements[$0] })
    }
}
