import Graph
import GraphTesting
import Optimization
import Testing

/// One rule: an expression before and after a pass.
struct RuleCase: CustomTestStringConvertible, Sendable {
    let pass: Pass
    let before, after: String
    var testDescription: String { "\(pass.name): \(before) → \(after)" }
}

/// Every rule of every pass on the smallest graph that shows it.
@Suite struct RuleTests {
    @Test(
        "a pass, run until nothing changes, rewrites exactly what its rule says",
        arguments: simplification + folding + contraction + cutting + placement)
    func rule(_ rule: RuleCase) throws {
        let graph = try ExpressionParser.graph(rule.before)
        #expect(text(of: graph) == rule.before)
        var (after, previous) = (graph, "")
        while text(of: after) != previous {
            previous = text(of: after)
            after = rule.pass.run(after)
            try after.verify()
        }
        #expect(text(of: after) == rule.after)
    }

    /// Arithmetic, then shapes, then reductions.
    static let simplification: [RuleCase] = [
        ("negate(negate(a))", "a"),
        ("negate(subtract(a, b))", "subtract(b, a)"),
        ("negate(multiply(a, 2.0))", "multiply(a, -2.0)"),
        ("reciprocal(reciprocal(a))", "a"),
        ("square(negate(a))", "square(a)"),
        ("square(absolute(a))", "square(a)"),
        ("absolute(negate(a))", "absolute(a)"),
        ("absolute(absolute(a))", "absolute(a)"),
        ("relu(relu(a))", "relu(a)"),
        ("power(0.0)(a)", "1.0"),
        ("power(1.0)(a)", "a"),
        ("power(2.0)(a)", "square(a)"),
        ("power(0.5)(a)", "squareRoot(a)"),
        ("power(-1.0)(a)", "reciprocal(a)"),
        ("power(3.0)(a)", "power(3.0)(a)"),
        ("add(a, 0.0)", "a"),
        ("add(0.0, a)", "a"),
        ("add(a, a)", "multiply(a, 2.0)"),
        ("add(a, negate(b))", "subtract(a, b)"),
        ("add(negate(a), b)", "subtract(b, a)"),
        ("add(add(a, 1.0), 2.0)", "add(add(a, 1.0), 2.0)"),
        ("subtract(a, 0.0)", "a"),
        ("subtract(0.0, a)", "negate(a)"),
        ("subtract(a, negate(b))", "add(a, b)"),
        ("multiply(a, 1.0)", "a"),
        ("multiply(a, -1.0)", "negate(a)"),
        ("multiply(a, a)", "square(a)"),
        ("multiply(negate(a), negate(b))", "multiply(a, b)"),
        ("multiply(a, negate(b))", "negate(multiply(a, b))"),
        ("multiply(negate(a), 2.0)", "multiply(a, -2.0)"),
        ("multiply(multiply(a, 2.0), 3.0)", "multiply(a, 6.0)"),
        ("multiply(multiply(a, 2.0), b)", "multiply(multiply(a, b), 2.0)"),
        ("divide(a, 4.0)", "multiply(a, 0.25)"),
        ("divide(a, 0.0)", "divide(a, 0.0)"),
        ("divide(1.0, a)", "reciprocal(a)"),
        ("divide(negate(a), b)", "negate(divide(a, b))"),
        ("divide(multiply(a, 2.0), b)", "multiply(divide(a, b), 2.0)"),
        ("maximum(a, 0.0)", "relu(a)"),
        ("maximum(a, a)", "a"),
        ("minimum(a, a)", "a"),
        ("greater(a, 0.0)", "step(a)"),
        ("select(a, b, b)", "b"),
        ("stopGradient(a)", "a"),
        ("reshape[6](reshape[3, 2](a))", "reshape[6](a)"),
        ("reshape[2, 3](reshape[6](a))", "a"),
        ("reshape[1, 3, 1](slice<[1, 0] [1, 3]>(a))", "slice<[1, 0, 0] [1, 3, 1]>(reshape[2, 3, 1](a))"),
        ("reshape[3](slice<[1, 0] [1, 3]>(a))", "reshape[3](slice<[1, 0] [1, 3]>(a))"),
        ("concatenate<0>(slice<[0, 0] [1, 3]>(a), slice<[1, 0] [1, 3]>(a))", "a"),
        (
            "concatenate<0>(slice<[1, 0] [1, 3]>(a), slice<[0, 0] [1, 3]>(a))",
            "concatenate<0>(slice<[1, 0] [1, 3]>(a), slice<[0, 0] [1, 3]>(a))"
        ),
        ("reshape[4, 6](broadcast[4, 2, 3]<1 2>(a))", "broadcast[4, 6]<1>(reshape[6](a))"),
        ("reshape[8, 3](broadcast[4, 2, 3]<1 2>(a))", "reshape[8, 3](broadcast[4, 2, 3]<1 2>(a))"),
        (
            "reshape[2, 3, 2, 2](multiply(broadcast[2, 3, 4]<0 1>(a), broadcast[2, 3, 4]<1>(c)))",
            "multiply(broadcast[2, 3, 2, 2]<0 1>(a), broadcast[2, 3, 2, 2]<1>(c))"
        ),
        (
            "reshape[6, 4](multiply(broadcast[2, 3, 4]<0 1>(a), broadcast[2, 3, 4]<1>(c)))",
            "reshape[6, 4](multiply(broadcast[2, 3, 4]<0 1>(a), broadcast[2, 3, 4]<1>(c)))"
        ),
        ("transpose[1, 0](transpose[1, 0](a))", "a"),
        ("transpose[1, 0](reshape[6, 1](a))", "reshape[1, 6](a)"),
        ("transpose[2, 1, 0](broadcast[4, 2, 3]<1 2>(a))", "broadcast[3, 2, 4]<0 1>(transpose[1, 0](a))"),
        ("broadcast[5, 4, 2, 3]<1 2 3>(broadcast[4, 2, 3]<1 2>(a))", "broadcast[5, 4, 2, 3]<2 3>(a)"),
        ("broadcast[6, 4]<0 1>(reshape[6, 1](a))", "broadcast[6, 4]<0>(reshape[6](a))"),
        ("broadcast[1, 2, 1, 3]<1 3>(a)", "reshape[1, 2, 1, 3](a)"),
        ("slice<[0, 0] [2, 3]>(a)", "a"),
        ("slice<[0, 1] [1, 1]>(slice<[1, 1] [1, 2]>(a))", "slice<[1, 2] [1, 1]>(a)"),
        ("slice<[1, 0] [2, 3]>(pad<[1, 0] [1, 0]>(a))", "a"),
        ("slice<[0, 0] [1, 3]>(pad<[1, 0] [1, 0]>(a))", "0.0"),
        ("slice<[0, 4] [2, 2]>(concatenate<1>(a, b))", "slice<[0, 1] [2, 2]>(b)"),
        (
            "slice<[0, 1, 0] [2, 1, 3]>(broadcast[4, 2, 3]<1 2>(a))",
            "broadcast[2, 1, 3]<2>(reshape[3](slice<[1, 0] [1, 3]>(a)))"
        ),
        ("pad<[0, 0] [0, 0]>(a)", "a"),
        ("pad<[1, 0] [0, 2]>(pad<[0, 1] [1, 0]>(a))", "pad<[1, 1] [1, 2]>(a)"),
        ("concatenate<0>(a)", "a"),
        ("concatenate<0>(concatenate<0>(a, b), a)", "concatenate<0>(a, b, a)"),
        ("reduceSum[](a)", "a"),
        ("reduceSum[1](reshape[6, 1](a))", "reshape[6](a)"),
        ("reduceSum[0](reduceSum[1](a))", "reduceSum[0, 1](a)"),
        ("reduceSum[1](multiply(a, 3.0))", "multiply(reduceSum[1](a), 3.0)"),
        ("reduceSum[1](negate(a))", "negate(reduceSum[1](a))"),
        (
            "reduceSum[0](multiply(multiply(a, broadcast[2, 3]<1>(c)), tanh(b)))",
            "multiply(reduceSum[0](multiply(a, tanh(b))), c)"
        ),
        ("step(squareRoot(add(reduceSum[0](square(a)), 1.0)))", "1.0"),
        ("step(squareRoot(reduceSum[0](square(a))))", "step(squareRoot(reduceSum[0](square(a))))"),
        ("reduceSum[0](multiply(a, broadcast[2, 3]<1>(c)))", "multiply(reduceSum[0](a), c)"),
        (
            "reduceSum[1](multiply(a, broadcast[2, 3]<1>(c)))",
            "reduceSum[1](multiply(a, broadcast[2, 3]<1>(c)))"
        ),
        ("reduceSum[0, 2](broadcast[4, 2, 3]<1 2>(a))", "multiply(reduceSum[1](a), 4.0)"),
        ("reduceSum[1](broadcast[4, 2, 3]<1 2>(a))", "broadcast[4, 3]<1>(reduceSum[0](a))"),
        ("reduceSum[1, 2](reshape[2, 3, 1](a))", "reduceSum[1](a)"),
        ("reduceSum[0](reshape[6](a))", "reduceSum[0, 1](a)"),
        ("reduceSum[0](reshape[3, 2](a))", "reduceSum[0](reshape[3, 2](a))"),
        ("reduceMax[0](reduceMax[1](a))", "reduceMax[0, 1](a)"),
        ("reduceMax[0](broadcast[4, 2, 3]<1 2>(a))", "a"),
    ].map { (before: String, after: String) in RuleCase(pass: algebraicSimplification, before: before, after: after) }

    /// Numbers known when compiling, and products with 0.
    static let folding: [RuleCase] = [
        (constantFolding, "select(1.0, a, b)", "a"),
        (constantFolding, "select(0.0, a, b)", "b"),
        (constantFolding, "multiply(a, exponential(0.0))", "multiply(a, 1.0)"),
        (constantFolding, "add(a, logarithm(0.0))", "add(a, logarithm(0.0))"),
        (constantFolding, "reduceSum[0, 1](2.0)", "12.0"),
        (constantFolding, "reduceMax[1](2.0)", "2.0"),
        (constantFolding, "pad<[1, 0] [0, 0]>(0.0)", "0.0"),
        (constantFolding, "pad<[1, 0] [0, 0]>(1.0)", "pad<[1, 0] [0, 0]>(1.0)"),
        (structuralZeros, "multiply(a, 0.0)", "0.0"),
        (structuralZeros, "divide(0.0, a)", "0.0"),
        (structuralZeros, "add(a, 0.0)", "add(a, 0.0)"),
        (structuralZeros, "matmul_ᵀ(a, 0.0)", "0.0"),
    ].map { (pass: Pass, before: String, after: String) in RuleCase(pass: pass, before: before, after: after) }

    /// Matrix products of operands with a structure.
    static let contraction: [RuleCase] = [
        ("matmul(transpose[1, 0](a), b)", "matmulᵀ(a, b)"),
        ("matmulᵀ(a, transpose[1, 0](reshape[3, 2](b)))", "matmulᵀ_ᵀ(a, reshape[3, 2](b))"),
        (
            "matmul(reshape[6, 1](a), reshape[1, 6](b))",
            "multiply(broadcast[6, 6]<0>(reshape[6](reshape[6, 1](a))), broadcast[6, 6]<1>(reshape[6](reshape[1, 6](b))))"
        ),
        (
            "matmul(a, broadcast[3, 6]<1>(reshape[6](b)))",
            "multiply(broadcast[2, 6]<0>(reduceSum[1](a)), broadcast[2, 6]<1>(reshape[6](b)))"
        ),
        ("matmul(oneHot<3>(i), reshape[3, 2](b))", "gatherRows(reshape[3, 2](b), i)"),
        ("matmulᵀ(oneHot<4>(i), b)", "scatterAddRows(b, i)"),
    ].map { (before: String, after: String) in RuleCase(pass: contractionSimplification, before: before, after: after) }

    /// Contractions cut to what is used, and sums of contractions with an operand in common.
    static let cutting: [RuleCase] = [
        (contractionSlicing, "slice<[0, 1] [3, 1]>(matmulᵀ(a, b))", "matmulᵀ(a, slice<[0, 1] [2, 1]>(b))"),
        (contractionSlicing, "slice<[0, 0] [2, 1]>(matmul_ᵀ(a, b))", "slice<[0, 0] [2, 1]>(matmul_ᵀ(a, b))"),
        (
            contractionSlicing, "matmul_ᵀ(pad<[0, 0] [0, 3]>(a), concatenate<1>(b, b))",
            "matmul_ᵀ(a, slice<[0, 0] [2, 3]>(concatenate<1>(b, b)))"
        ),
        (
            contractionSlicing, "matmul_ᵀ(pad<[1, 0] [1, 0]>(a), slice<[0, 0] [1, 3]>(b))",
            "pad<[1, 0] [1, 0]>(matmul_ᵀ(a, slice<[0, 0] [1, 3]>(b)))"
        ),
        (
            contractionMerging, "add(matmul_ᵀ(a, a), matmul_ᵀ(b, a))", "matmul_ᵀ(add(a, b), a)"
        ),
        (
            contractionMerging, "subtract(matmul_ᵀ(a, a), matmul_ᵀ(a, b))", "matmul_ᵀ(a, subtract(a, b))"
        ),
        (
            contractionMerging, "add(matmul_ᵀ(a, a), matmul_ᵀ(b, b))", "add(matmul_ᵀ(a, a), matmul_ᵀ(b, b))"
        ),
    ].map { (pass: Pass, before: String, after: String) in RuleCase(pass: pass, before: before, after: after) }

    /// Where and in which form something is computed.
    static let placement: [RuleCase] = [
        (
            scalarHoisting, "multiply(broadcast[2, 3]<1>(c), multiply(a, broadcast[2, 3]<1>(c)))",
            "multiply(a, broadcast[2, 3]<1>(multiply(c, c)))"
        ),
        (scalarHoisting, "tanh(broadcast[4, 2, 3]<1 2>(a))", "broadcast[4, 2, 3]<1 2>(tanh(a))"),
        (
            scalarHoisting, "add(broadcast[4, 2, 3]<1 2>(a), broadcast[4, 2, 3]<1 2>(b))",
            "broadcast[4, 2, 3]<1 2>(add(a, b))"
        ),
        (
            scalarHoisting, "add(broadcast[4, 2, 3]<1 2>(a), broadcast[4, 2, 3]<2>(c))",
            "broadcast[4, 2, 3]<1 2>(add(a, broadcast[2, 3]<1>(c)))"
        ),
        (scalarHoisting, "divide(a, broadcast[2, 3]<1>(c))", "multiply(a, broadcast[2, 3]<1>(reciprocal(c)))"),
        (
            scalarHoisting, "multiply(multiply(a, broadcast[2, 3]<1>(c)), 2.0)",
            "multiply(a, broadcast[2, 3]<1>(multiply(c, 2.0)))"
        ),
        (reshapeSinking, "tanh(reshape[6](a))", "reshape[6](tanh(a))"),
        (reshapeSinking, "add(reshape[6](a), reshape[6](b))", "reshape[6](add(a, b))"),
        (
            reshapeSinking, "multiply(reshape[2, 1, 3](a), broadcast[2, 1, 3]<2>(c))",
            "reshape[2, 1, 3](multiply(a, broadcast[2, 3]<1>(c)))"
        ),
        (
            batchJoining, "subtract(tanh(slice<[0, 0] [1, 3]>(a)), tanh(slice<[1, 0] [1, 3]>(a)))",
            "subtract(slice<[0, 0] [1, 3]>(tanh(a)), slice<[1, 0] [1, 3]>(tanh(a)))"
        ),
        (
            batchJoining,
            "subtract(multiply(slice<[0, 0] [1, 3]>(a), slice<[0, 0] [1, 3]>(b)), multiply(slice<[1, 0] [1, 3]>(b), slice<[1, 0] [1, 3]>(a)))",
            "subtract(slice<[0, 0] [1, 3]>(multiply(a, b)), slice<[1, 0] [1, 3]>(multiply(a, b)))"
        ),
        (
            batchJoining,
            "subtract(multiply(slice<[0, 0] [1, 3]>(a), slice<[1, 0] [1, 3]>(b)), multiply(slice<[1, 0] [1, 3]>(b), slice<[1, 0] [1, 3]>(a)))",
            "subtract(multiply(slice<[0, 0] [1, 3]>(a), slice<[1, 0] [1, 3]>(b)), multiply(slice<[1, 0] [1, 3]>(b), slice<[1, 0] [1, 3]>(a)))"
        ),
        (commonSubexpressions, "subtract(add(a, b), add(b, a))", "subtract(add(a, b), add(a, b))"),
        (commonSubexpressions, "add(broadcast[2, 3]<1>(c), a)", "add(a, broadcast[2, 3]<1>(c))"),
        (stabilityRewrites, "logarithm(sigmoid(a))", "negate(softplus(negate(a)))"),
        (stabilityRewrites, "logarithm(subtract(1.0, sigmoid(a)))", "negate(softplus(a))"),
        (stabilityRewrites, "logarithm(softmax(a))", "logSoftmax(a)"),
        (stabilityRewrites, "logarithm(divide(exponential(a), b))", "subtract(a, logarithm(b))"),
    ].map { (pass: Pass, before: String, after: String) in RuleCase(pass: pass, before: before, after: after) }
}
