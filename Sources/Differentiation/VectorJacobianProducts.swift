import Graph

/// How a gradient passes from a node to one of its operands.
enum EdgeRule {
    /// It does not.
    case cut(CutReason)
    /// The operand's share of the cotangent: the node's cotangent times the Jacobian.
    case product((_ build: inout Builder, _ cotangent: NodeID) -> NodeID)
}

extension Graph {
    /// How a gradient passes from `y` to its operand number `slot`: one exhaustive table, in which every product is
    /// written in the same closed set of operations, so that it can be differentiated again.
    ///
    /// Where `maximum` or `minimum` has a tie each operand gets half, and where `reduceMax` has ties each gets an equal
    /// share; `maxPoolIndex` chooses the first.
    ///
    /// - Precondition: `y` is no composite and no gradient.
    func edgeRule(_ y: NodeID, slot: Int) -> EdgeRule {
        let node = self[y]
        guard let x = node.inputs.first else { preconditionFailure("\(node.op.name) has no operands") }
        let operand = self[node.inputs[slot]].shape
        switch node.op {
        case .constant, .parameter, .input, .random:
            preconditionFailure("\(node.op.name) has no operands")

        case .unary(let function):
            guard let derivative = function.row.derivative else { return .cut(.piecewiseConstant(function.row.name)) }
            return .product { $0.multiply($1, $0.instantiate(derivative, x: x, y: y)) }
        case .binary(let function):
            return binaryRule(function, y, slot: slot)
        case .select:
            guard slot > 0 else { return .cut(.condition) }
            return .product { build, c in
                let zero = build.full(0, operand)
                return slot == 1 ? build.append(.select, x, c, zero) : build.append(.select, x, zero, c)
            }
        case .stopGradient:
            return .cut(.stopGradient)

        case .reshape:
            return .product { $0.append(.reshape(operand), $1) }
        case .transpose(let permutation):
            let inverse = permutation.indices.map { permutation.firstIndex(of: $0)! }
            return .product { $0.append(.transpose(permutation: inverse), $1) }
        case .broadcast(_, let axes):
            return .product { $0.sumToOperand($1, axes: axes, operand) }
        case .slice(let start, let size):
            let after = operand.dimensions.indices.map { operand[$0] - start[$0] - size[$0] }
            return .product { $0.append(.pad(before: start, after: after), $1) }
        case .pad(let before, _):
            return .product { $0.append(.slice(start: before, size: operand.dimensions), $1) }
        case .concatenate(let axis):
            var start = [Int](repeating: 0, count: operand.rank)
            start[axis] = node.inputs[..<slot].reduce(0) { $0 + self[$1].shape[axis] }
            return .product { [start] in $0.append(.slice(start: start, size: operand.dimensions), $1) }
        case .reduceSum(let axes):
            return .product { $0.stretch($1, like: x, without: axes) }
        case .reduceMax(let axes):
            return .product { build, c in
                let isMaximum = build.binary(.equal, x, build.stretch(y, like: x, without: axes))
                let share = build.binary(.divide, c, build.sum(isMaximum, axes))
                return build.multiply(isMaximum, build.stretch(share, like: x, without: axes))
            }

        case .matmul, .convolution, .convolutionInputGradient, .convolutionWeightGradient:
            return contractionRule(node, slot: slot)

        case .gatherRows:
            guard slot == 0 else { return .cut(.position) }
            return .product { $0.append(.scatterAddRows(count: operand[0]), $1, node.inputs[1]) }
        case .scatterAddRows:
            guard slot == 0 else { return .cut(.position) }
            return .product { $0.append(.gatherRows, $1, node.inputs[1]) }
        case .gatherIndex:
            guard slot == 0 else { return .cut(.position) }
            return .product { $0.append(.scatterIndex(height: operand[1], width: operand[2]), $1, node.inputs[1]) }
        case .scatterIndex:
            guard slot == 0 else { return .cut(.position) }
            return .product { $0.append(.gatherIndex, $1, node.inputs[1]) }
        case .oneHot, .argmax, .maxPoolIndex:
            return .cut(.position)
        case .averagePool(let window):
            return .product { $0.append(.averagePoolGradient(window, height: operand[1], width: operand[2]), $1) }
        case .averagePoolGradient(let window, _, _):
            return .product { $0.append(.averagePool(window), $1) }

        case .gradient, .composite:
            preconditionFailure("\(node.op.name) is expanded before the graph around it is differentiated")
        }
    }

    private func binaryRule(_ function: BinaryFunction, _ y: NodeID, slot: Int) -> EdgeRule {
        let (a, b) = (self[y].inputs[0], self[y].inputs[1])
        switch function {
        case .add:
            return .product { $1 }
        case .subtract:
            return .product { slot == 0 ? $1 : $0.unary(.negate, $1) }
        case .multiply:
            let other = slot == 0 ? b : a
            return uniformValue(of: other) == 0 ? .cut(.zeroFactor) : .product { $0.multiply($1, other) }
        case .divide:
            return .product { build, c in
                let quotient = build.binary(.divide, c, b)
                return slot == 0 ? quotient : build.unary(.negate, build.multiply(quotient, y))
            }
        case .maximum, .minimum:
            let (winner, loser) = (slot == 0) == (function == .maximum) ? (a, b) : (b, a)
            return .product { build, c in
                let (wins, ties) = (build.binary(.greater, winner, loser), build.binary(.greaterOrEqual, winner, loser))
                return build.multiply(c, build.multiply(build.add(wins, ties), by: 0.5))
            }
        case .greater, .greaterOrEqual, .equal:
            return .cut(.comparison(function.rawValue))
        }
    }

    /// Matrix products and the convolution triple, closed under differentiation: the products of each one are the others.
    private func contractionRule(_ node: Node, slot: Int) -> EdgeRule {
        let (a, b) = (node.inputs[0], node.inputs[1])
        let (height, width) = self[a].shape.rank == 4 ? (self[a].shape[1], self[a].shape[2]) : (1, 1)
        return .product { build, c in
            switch (node.op, slot) {
            case (.matmul(false, let transposeB), 0):
                build.append(.matmul(transposeA: false, transposeB: !transposeB), c, b)
            case (.matmul(true, let transposeB), 0):
                build.append(.matmul(transposeA: transposeB, transposeB: true), b, c)
            case (.matmul(let transposeA, false), _):
                build.append(.matmul(transposeA: !transposeA, transposeB: false), a, c)
            case (.matmul(let transposeA, true), _):
                build.append(.matmul(transposeA: true, transposeB: transposeA), c, a)

            case (.convolution(let window), 0):
                build.append(.convolutionInputGradient(window, height: height, width: width), c, b)
            case (.convolution(let window), _):
                build.append(.convolutionWeightGradient(window), a, c)
            case (.convolutionInputGradient(let window, _, _), 0):
                build.append(.convolution(window), c, b)
            case (.convolutionInputGradient(let window, _, _), _):
                build.append(.convolutionWeightGradient(window), c, a)
            case (.convolutionWeightGradient(let window), 0):
                build.append(.convolutionInputGradient(window, height: height, width: width), b, c)
            case (.convolutionWeightGradient(let window), _):
                build.append(.convolution(window), a, c)
            default: preconditionFailure("\(node.op.name) is no contraction")
            }
        }
    }
}

extension Builder {
    /// The adjoint of a broadcast: `cotangent` summed over what was repeated.
    fileprivate mutating func sumToOperand(_ cotangent: NodeID, axes: [Int], _ operand: Shape) -> NodeID {
        let shape = graph[cotangent].shape
        let repeated = (0..<shape.rank).filter { axis in
            guard let own = axes.firstIndex(of: axis) else { return true }
            return operand[own] != shape[axis]
        }
        return graph.reshape(sum(cotangent, repeated), to: operand, origin: origin)
    }
}
