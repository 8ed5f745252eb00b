import Graph

/// Computes once what is written twice. The graph shares equal nodes by itself; this puts the operands of commutative
/// functions in one order, so that equal sums and products become equal nodes.
///
///     %2 = add(%0, %1)                %2 = add(%0, %1)
///     %3 = add(%1, %0)            →   %3 = multiply(%2, %2)
///     %4 = multiply(%2, %3)
///
/// What is repeated stands last, so that a bias reads `add(matmul, broadcast)`, and a number stands last of all.
public let commonSubexpressions = Pass(
    "common-subexpressions",
    rule: { build, node in
        guard case .binary(let function) = node.op, [.add, .multiply, .equal].contains(function) else { return nil }
        func rank(_ id: NodeID) -> (Int, Int) {
            if build.graph.uniformValue(of: id) != nil { return (2, id.index) }
            return (build.graph.stretched(id) == nil ? 0 : 1, id.index)
        }
        let (a, b) = (node.inputs[0], node.inputs[1])
        return rank(a) <= rank(b) ? nil : build.binary(function, b, a)
    })
