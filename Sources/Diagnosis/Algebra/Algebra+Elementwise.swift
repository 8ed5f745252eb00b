import Graph

/// Functions of every element.
extension Algebra {
    mutating func unary(_ function: UnaryFunction, _ x: SumForm, _ shape: Shape) -> SumForm {
        if let number = x.number {
            let value = function.row.evaluate(number)
            if value.isFinite { return .number(value) }
        }
        let isFlipped = (x.terms.first?.coefficient ?? 1) < 0
        if let parts = parts(of: x, shape) { return joined(parts, shape) { $0.unary(function, $1.form, $1.shape) } }
        if let factor = x.atom, let repeated = repeated(factor, { $0.unary(function, $1, $2) }) { return repeated }
        switch function {
        case .negate: return x.scaled(by: -1)
        case .square: return product(x, x, shape)
        case .reciprocal: return reciprocal(x, shape)
        case .power(1): return x
        case .power(2): return product(x, x, shape)
        // Even and odd functions, and σ(−x) = 1 − σ(x): one sign of the argument is enough.
        case .absolute, .cosine: return atom(.unary(function), [isFlipped ? x.scaled(by: -1) : x], shape)
        case .tanh, .sine, .sign:
            return atom(.unary(function), [isFlipped ? x.scaled(by: -1) : x], shape).scaled(by: isFlipped ? -1 : 1)
        case .sigmoid where isFlipped: return .number(1) - atom(.unary(function), [x.scaled(by: -1)], shape)
        default: return atom(.unary(function), [x], shape)
        }
    }

    mutating func binary(_ function: BinaryFunction, _ a: SumForm, _ b: SumForm, _ shape: Shape) -> SumForm {
        if let x = a.number, let y = b.number {
            let value = function.row.evaluate(x, y)
            if value.isFinite { return .number(value) }
        }
        switch function {
        case .add, .subtract:
            guard a.terms.count + b.terms.count <= limit else { return atom(.binary(function), [a, b], shape) }
            return function == .add ? a + b : a - b
        case .multiply: return product(a, b, shape)
        case .divide: return product(a, reciprocal(b, shape), shape)
        case .maximum, .minimum: return a == b ? a : atom(.binary(function), b.precedes(a) ? [b, a] : [a, b], shape)
        case .greater: return a == b ? .zero : atom(.binary(function), [a, b], shape)
        case .greaterOrEqual: return a == b ? .number(1) : atom(.binary(function), [a, b], shape)
        case .equal: return a == b ? .number(1) : atom(.binary(function), b.precedes(a) ? [b, a] : [a, b], shape)
        }
    }

    /// `select(c, a, b)`, which is linear in `a` and `b`.
    mutating func select(_ inputs: [SumForm], _ shape: Shape) -> SumForm {
        let (condition, a, b) = (inputs[0], inputs[1], inputs[2])
        if let number = condition.number { return number != 0 ? a : b }
        if a == b { return a }
        if let parts = parts(of: condition, shape) {
            return joined(parts, shape) { algebra, part in
                let first = algebra.piece(of: a, at: part, from: shape)
                let second = algebra.piece(of: b, at: part, from: shape)
                return algebra.select([part.form, first, second], part.shape)
            }
        }
        var result = SumForm.zero
        for term in a.terms {
            let one = SumForm(terms: [.init(coefficient: 1, factors: term.factors)])
            result = result + atom(.select, [condition, one, .zero], shape).scaled(by: term.coefficient)
        }
        for term in b.terms {
            let one = SumForm(terms: [.init(coefficient: 1, factors: term.factors)])
            result = result + atom(.select, [condition, .zero, one], shape).scaled(by: term.coefficient)
        }
        return result
    }

    /// The product, expanded where that does not take too many terms.
    mutating func product(_ a: SumForm, _ b: SumForm, _ shape: Shape) -> SumForm {
        if let number = a.number { return b.scaled(by: number) }
        if let number = b.number { return a.scaled(by: number) }
        guard a.terms.count * b.terms.count <= budget else {
            return atom(.binary(.multiply), b.precedes(a) ? [b, a] : [a, b], shape)
        }
        var result = SumForm.zero
        for x in a.terms {
            for y in b.terms {
                guard x.factors.count + y.factors.count <= limit else {
                    return atom(.binary(.multiply), b.precedes(a) ? [b, a] : [a, b], shape)
                }
                let one =
                    paddedProduct(x.factors, y.factors, shape)
                    ?? SumForm(terms: [.init(coefficient: 1, factors: merged(x.factors, y.factors))])
                result = result + one.scaled(by: x.coefficient * y.coefficient)
            }
        }
        return result
    }

    /// The atoms of a product; an atom and its reciprocal cancel.
    func merged(_ a: [Int], _ b: [Int]) -> [Int] {
        var factors = a
        for factor in b {
            if let index = factors.firstIndex(where: { areReciprocal($0, factor) }) {
                factors.remove(at: index)
            } else {
                factors.append(factor)
            }
        }
        return factors.sorted()
    }

    private func areReciprocal(_ a: Int, _ b: Int) -> Bool {
        func isReciprocal(_ x: Int, of y: Int) -> Bool {
            atoms[x].op == .unary(.reciprocal) && atoms[x].operands[0].atom == y
        }
        return isReciprocal(a, of: b) || isReciprocal(b, of: a)
    }

    /// `1 / x`, factor by factor where `x` is one term.
    mutating func reciprocal(_ x: SumForm, _ shape: Shape) -> SumForm {
        if let parts = parts(of: x, shape) { return joined(parts, shape) { $0.reciprocal($1.form, $1.shape) } }
        guard x.terms.count == 1, let term = x.terms.first else { return atom(.unary(.reciprocal), [x], shape) }
        var result = SumForm.number(1 / term.coefficient)
        for factor in term.factors { result = product(result, reciprocal(of: factor, shape), shape) }
        return result
    }

    private mutating func reciprocal(of factor: Int, _ shape: Shape) -> SumForm {
        let inner = atoms[factor]
        if inner.op == .unary(.reciprocal) { return inner.operands[0] }
        if let repeated = repeated(factor, { $0.reciprocal($1, $2) }) { return repeated }
        return atom(.unary(.reciprocal), [.atom(factor)], shape)
    }

    /// A function of every element of a repeated value is the function's value repeated; nil if the atom is none.
    private mutating func repeated(
        _ factor: Int, _ function: (inout Algebra, SumForm, Shape) -> SumForm
    ) -> SumForm? {
        let inner = atoms[factor]
        guard case .broadcast = inner.op else { return nil }
        let below = operandShape(inner)
        return linear(inner.op, function(&self, inner.operands[0], below), from: below, to: inner.shape)
    }
}
