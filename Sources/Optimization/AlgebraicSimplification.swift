import Graph

/// Writes expressions in the simplest of their equal forms. The rules, by family, are in files of their own; each shows
/// what it turns into what.
///
///     %2 = multiply(%0, %1 = 1)   →   %0
///     %3 = negate(negate(%0))     →   %0
///
/// No rule adds numbers in another order than they are written in, so a result differs from the unsimplified one by
/// single roundings only.
public let algebraicSimplification = Pass(
    "algebraic-simplification",
    rule: { build, node in
        switch node.op {
        case .unary(let function): build.simplify(function, node)
        case .binary(let function): build.simplify(function, node)
        case .select: node.inputs[1] == node.inputs[2] ? node.inputs[1] : nil
        case .stopGradient: node.inputs[0]
        case .reshape(let shape): build.simplifyReshape(shape, node)
        case .transpose(let permutation): build.simplifyTranspose(permutation, node)
        case .broadcast(let shape, let axes): build.simplifyBroadcast(shape, axes, node)
        case .slice(let start, let size): build.simplifySlice(start, size, node)
        case .pad(let before, let after): build.simplifyPad(before, after, node)
        case .concatenate(let axis): build.simplifyConcatenate(axis, node)
        case .reduceSum(let axes): build.simplifySum(axes, node)
        case .reduceMax(let axes): build.simplifyMax(axes, node)
        default: nil
        }
    })
