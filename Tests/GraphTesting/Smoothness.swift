import Graph

/// Whether values keep away from the kinks and jumps of functions.
extension GraphGenerator {
    /// True if no operand of `op` is so near a kink, a jump or a pole that rounding could carry it across.
    func isSmooth(_ op: Op, _ inputs: [PoolEntry]) -> Bool {
        let margin = 1e-3
        func clear(_ entry: PoolEntry, of distance: (Double) -> Double) -> Bool {
            entry.isExact || entry.value.elements.allSatisfy { abs(distance($0)) > margin }
        }
        func clearOfEachOther(_ a: PoolEntry, _ b: PoolEntry) -> Bool {
            (a.isExact && b.isExact) || a.id == b.id
                || zip(a.value.elements, b.value.elements).allSatisfy { abs($0 - $1) > margin }
        }
        func hasDistinctElements(_ entry: PoolEntry) -> Bool {
            let sorted = entry.value.elements.sorted()
            return entry.isExact || zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 > margin }
        }
        switch op {
        case .unary(let function):
            switch function {
            case .absolute, .sign, .relu, .leakyReLU, .elu, .step, .leakyStep: return clear(inputs[0]) { $0 }
            case .floor: return clear(inputs[0]) { $0 - $0.rounded() }
            case .round: return clear(inputs[0]) { $0 - $0.rounded(.down) - 0.5 }
            case .squareRoot: return clear(inputs[0]) { $0 } && inputs[0].value.elements.allSatisfy { $0 >= 0 }
            case .logarithm, .power: return inputs[0].value.elements.allSatisfy { $0 > 0.1 }
            case .reciprocal: return inputs[0].value.elements.allSatisfy { abs($0) > 0.1 }
            default: return true
            }
        case .binary(let function):
            switch function {
            case .divide: return inputs[1].value.elements.allSatisfy { abs($0) > 0.1 }
            case .maximum, .minimum, .greater, .greaterOrEqual, .equal: return clearOfEachOther(inputs[0], inputs[1])
            default: return true
            }
        case .select: return clear(inputs[0]) { $0 }
        case .reduceMax, .argmax, .maxPoolIndex: return hasDistinctElements(inputs[0])
        case .composite(.clip(let low, let high)):
            return clear(inputs[0]) { $0 - low } && clear(inputs[0]) { $0 - high }
        case .composite(.norm(_, let epsilon)):
            return epsilon > 0 || clear(inputs[0]) { $0 }
        case .composite(.binaryCrossEntropy(let clip)):
            return clear(inputs[0]) { $0 - clip } && clear(inputs[0]) { $0 - 1 + clip }
        default: return true
        }
    }

    /// True if `op` yields elements that are not rounded where its operands are not.
    func keepsExactness(_ op: Op) -> Bool {
        switch op {
        case .unary(let function):
            switch function {
            case .negate, .absolute, .sign, .relu, .step, .leakyStep, .floor, .round: true
            default: false
            }
        case .binary(let function): [.maximum, .minimum, .greater, .greaterOrEqual, .equal].contains(function)
        case .select, .reshape, .transpose, .broadcast, .slice, .pad, .concatenate, .reduceMax, .gatherRows, .oneHot,
            .argmax, .maxPoolIndex, .gatherIndex, .stopGradient:
            true
        default: false
        }
    }
}
