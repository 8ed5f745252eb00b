import Graph

/// Operations of two operands that are linear in each, or in the first.
extension Algebra {
    /// Matrix products, convolutions, and what is looked up: linear in the first operand and, mostly, in the second.
    mutating func bilinear(
        _ op: Op, _ a: SumForm, _ b: SumForm, _ shape: Shape, isLinearInSecond: Bool = true
    ) -> SumForm {
        if a.isZero || (isLinearInSecond && b.isZero) { return .zero }
        let seconds = isLinearInSecond ? b.terms.map { SumForm(terms: [$0]) } : [b]
        guard a.terms.count * seconds.count <= budget else { return atom(op, [a, b], shape) }
        var result = SumForm.zero
        for x in a.terms {
            for second in seconds {
                let scale = isLinearInSecond ? second.terms[0].coefficient : 1
                let one = SumForm(terms: [.init(coefficient: 1, factors: x.factors)])
                let other = isLinearInSecond ? second.scaled(by: 1 / scale) : second
                result = result + single(op, one, other, shape).scaled(by: x.coefficient * scale)
            }
        }
        return result
    }

    /// The same for single products. What repeats itself from row to row, or from example to example, gives results that
    /// do:
    ///
    ///     stretch(a) · B → stretch(a · B)
    private mutating func single(_ op: Op, _ a: SumForm, _ b: SumForm, _ shape: Shape) -> SumForm {
        switch op {
        case .matmul(let transposeA, let transposeB):
            if let result = repeated(op, a, b, first: true, along: transposeA ? 1 : 0, axis: 0, shape) { return result }
            if let result = repeated(op, a, b, first: false, along: transposeB ? 0 : 1, axis: 1, shape) {
                return result
            }
        case .convolution, .convolutionInputGradient:
            if let result = repeated(op, a, b, first: true, along: 0, axis: 0, shape) { return result }
        default: break
        }
        return atom(op, [a, b], shape)
    }

    /// The result where one operand repeats itself `along` an axis that becomes `axis` of the result; nil if it does not.
    private mutating func repeated(
        _ op: Op, _ a: SumForm, _ b: SumForm, first: Bool, along: Int, axis: Int, _ shape: Shape
    ) -> SumForm? {
        guard shape[axis] > 1, let factors = (first ? a : b).terms.first?.factors, let factor = factors.first else {
            return nil
        }
        var operand = atoms[factor].shape
        let narrow = operand.removing(axes: [along])
        var product = SumForm.number(1)
        for factor in factors {
            guard let once = constant(factor, along: [along], to: narrow) else { return nil }
            product = self.product(product, once, narrow)
        }
        let axes = (0..<operand.rank).filter { $0 != along }
        operand[along] = 1
        let row = linear(.broadcast(operand, axes: axes), product, from: narrow, to: operand)
        var short = shape
        short[axis] = 1
        let result = first ? bilinear(op, row, b, short) : bilinear(op, a, row, short)
        return linear(.broadcast(shape, axes: Array(0..<shape.rank)), result, from: short, to: shape)
    }
}
