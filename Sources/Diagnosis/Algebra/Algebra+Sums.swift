import Graph

/// Sums over axes.
extension Algebra {
    /// The sum of a product of atoms over `axes`:
    ///
    ///     Σ 1 → n      Σ x·stretch(r) → r·Σ x      Σ stretch(r) → n·r      Σ Σ x → Σ x      Σ pad(x) → Σ x
    mutating func sum(_ factors: [Int], over axes: [Int], from operand: Shape, to shape: Shape) -> SumForm {
        let count = Double(axes.reduce(1) { $0 * operand[$1] })
        if axes.isEmpty { return SumForm(terms: [.init(coefficient: 1, factors: factors)]) }
        if factors.isEmpty { return .number(count) }
        var pulled = SumForm.number(1)
        var rest: [Int] = []
        for factor in factors {
            if let constant = constant(factor, along: axes, to: shape) {
                pulled = product(pulled, constant, shape)
            } else {
                rest.append(factor)
            }
        }
        if rest.isEmpty { return pulled.scaled(by: count) }
        return product(pulled, sumOfRest(rest, axes, operand, shape), shape)
    }

    /// The atom without `axes`, along which it repeats itself; nil if it does not.
    mutating func constant(_ factor: Int, along axes: [Int], to shape: Shape) -> SumForm? {
        let atom = atoms[factor]
        if case .pad(let before, let after) = atom.op { return constant(atom, before, after, along: axes, to: shape) }
        guard case .broadcast(let wide, let places) = atom.op else { return nil }
        let operand = operandShape(atom)
        let summed = places.indices.filter { axes.contains(places[$0]) }
        guard summed.allSatisfy({ operand[$0] == 1 }) else { return nil }
        let narrow = operand.removing(axes: summed)
        let squeezed = linear(.reduceSum(axes: summed), atom.operands[0], from: operand, to: narrow)
        let kept = (0..<wide.rank).filter { !axes.contains($0) }
        let targets = places.indices.filter { !summed.contains($0) }.map { kept.firstIndex(of: places[$0]) ?? 0 }
        return linear(.broadcast(shape, axes: targets), squeezed, from: narrow, to: shape)
    }

    /// What is padded along other axes without `axes`, along which it repeats itself; nil if it does not.
    private mutating func constant(
        _ atom: Atom, _ before: [Int], _ after: [Int], along axes: [Int], to shape: Shape
    ) -> SumForm? {
        guard axes.allSatisfy({ before[$0] == 0 && after[$0] == 0 }), let term = atom.operands[0].terms.first else {
            return nil
        }
        let narrow = operandShape(atom).removing(axes: axes)
        var product = SumForm.number(term.coefficient)
        for factor in term.factors {
            guard let once = constant(factor, along: axes, to: narrow) else { return nil }
            product = self.product(product, once, narrow)
        }
        let kept = before.indices.filter { !axes.contains($0) }
        let op = Op.pad(before: kept.map { before[$0] }, after: kept.map { after[$0] })
        return linear(op, product, from: narrow, to: shape)
    }

    /// The sum of factors of which none repeats itself along all of `axes`.
    private mutating func sumOfRest(_ rest: [Int], _ axes: [Int], _ operand: Shape, _ shape: Shape) -> SumForm {
        // Along extents of 1 a sum of products is the product of sums.
        if rest.count > 1, axes.allSatisfy({ operand[$0] == 1 }) {
            var result = SumForm.number(1)
            for factor in rest { result = product(result, sum([factor], over: axes, from: operand, to: shape), shape) }
            return result
        }
        let form = SumForm(terms: [.init(coefficient: 1, factors: rest)])
        guard rest.count == 1 else { return plainSum(form, axes, operand, shape) }
        let inner = atoms[rest[0]]
        switch inner.op {
        case .reduceSum(let first):
            let below = operandShape(inner)
            let kept = (0..<below.rank).filter { !first.contains($0) }
            let all = (first + axes.map { kept[$0] }).sorted()
            return linear(.reduceSum(axes: all), inner.operands[0], from: below, to: shape)
        case .reshape where shape.rank == 0, .transpose where shape.rank == 0:
            let below = operandShape(inner)
            return linear(.reduceSum(axes: Array(0..<below.rank)), inner.operands[0], from: below, to: shape)
        case .reshape where axes.allSatisfy({ operand[$0] == 1 }):
            return linear(.reshape(shape), inner.operands[0], from: operandShape(inner), to: shape)
        case .matmul, .convolution, .convolutionInputGradient:
            if let result = sumOfProduct(inner, axes, operand, shape) { return result }
        case .broadcast(_, let places):
            return sumOfRepeated(inner, places, axes, operand, shape)
        case .pad(let before, let after):
            return sumOfPadded(inner, before, after, axes, shape)
        default: break
        }
        return plainSum(form, axes, operand, shape)
    }

    /// A sum that no rule simplifies. It is taken over the axes of extent 1 as well, so that sums that differ in those
    /// alone are one.
    private mutating func plainSum(_ form: SumForm, _ axes: [Int], _ operand: Shape, _ shape: Shape) -> SumForm {
        let all = Array(Set(axes + operand.unitAxes)).sorted()
        if all == axes { return atom(.reduceSum(axes: axes), [form], shape) }
        let narrow = operand.removing(axes: all)
        let kept = (0..<operand.rank).filter { !axes.contains($0) }
        let places = kept.indices.filter { !all.contains(kept[$0]) }
        let sum = linear(.reduceSum(axes: all), form, from: operand, to: narrow)
        return linear(.broadcast(shape, axes: places), sum, from: narrow, to: shape)
    }

    /// A repeated value summed over some axes along which it repeats itself, and others along which it does not.
    private mutating func sumOfRepeated(
        _ inner: Atom, _ places: [Int], _ axes: [Int], _ operand: Shape, _ shape: Shape
    ) -> SumForm {
        let below = operandShape(inner)
        let own = places.indices.filter { axes.contains(places[$0]) }
        // An extent of 1 that is repeated counts as often as it is.
        let times = axes.reduce(1) { count, axis in
            guard let place = places.firstIndex(of: axis) else { return count * operand[axis] }
            return below[place] == operand[axis] ? count : count * operand[axis]
        }
        let narrow = below.removing(axes: own)
        let summed = linear(.reduceSum(axes: own), inner.operands[0], from: below, to: narrow)
        let kept = (0..<operand.rank).filter { !axes.contains($0) }
        let targets = places.indices.filter { !own.contains($0) }.map { kept.firstIndex(of: places[$0]) ?? 0 }
        return linear(.broadcast(shape, axes: targets), summed, from: narrow, to: shape).scaled(by: Double(times))
    }

    /// A contraction summed over rows or columns, or over examples, is the contraction of what is summed before:
    ///
    ///     Σ rows (A · B) → (Σ rows A) · B
    private mutating func sumOfProduct(_ inner: Atom, _ axes: [Int], _ operand: Shape, _ shape: Shape) -> SumForm? {
        var sides: [(axis: Int, operand: Int, along: Int)] = [(0, 0, 0)]
        if case .matmul(let transposeA, let transposeB) = inner.op {
            sides = [(0, 0, transposeA ? 1 : 0), (1, 1, transposeB ? 0 : 1)]
        }
        guard let side = sides.first(where: { axes.contains($0.axis) && operand[$0.axis] > 1 }),
            let below = shapes(of: inner)?[side.operand]
        else { return nil }
        var once = below
        once[side.along] = 1
        let narrow = below.removing(axes: [side.along])
        let summed = linear(.reduceSum(axes: [side.along]), inner.operands[side.operand], from: below, to: narrow)
        let kept = (0..<below.rank).filter { $0 != side.along }
        var operands = inner.operands
        operands[side.operand] = linear(.broadcast(once, axes: kept), summed, from: narrow, to: once)
        var short = operand
        short[side.axis] = 1
        let result = bilinear(inner.op, operands[0], operands[1], short)
        return linear(.reduceSum(axes: axes), result, from: short, to: shape)
    }

    /// The extents of both operands of a contraction; nil if one of them is a number.
    private func shapes(of atom: Atom) -> [Shape]? {
        let shapes = atom.operands.compactMap { form in
            form.terms.first?.factors.first.map { atoms[$0].shape }
        }
        return shapes.count == atom.operands.count ? shapes : nil
    }

    /// What is padded, summed; the zeros stay along the axes that do.
    private mutating func sumOfPadded(
        _ inner: Atom, _ before: [Int], _ after: [Int], _ axes: [Int], _ shape: Shape
    ) -> SumForm {
        let below = operandShape(inner)
        let narrow = below.removing(axes: axes)
        let summed = linear(.reduceSum(axes: axes), inner.operands[0], from: below, to: narrow)
        let kept = before.indices.filter { !axes.contains($0) }
        let op = Op.pad(before: kept.map { before[$0] }, after: kept.map { after[$0] })
        return narrow == shape ? summed : linear(op, summed, from: narrow, to: shape)
    }
}
