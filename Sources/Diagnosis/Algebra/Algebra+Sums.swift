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
    private mutating func constant(_ factor: Int, along axes: [Int], to shape: Shape) -> SumForm? {
        let atom = atoms[factor]
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

    /// The sum of factors of which none repeats itself along all of `axes`.
    private mutating func sumOfRest(_ rest: [Int], _ axes: [Int], _ operand: Shape, _ shape: Shape) -> SumForm {
        // Along extents of 1 a sum of products is the product of sums.
        if rest.count > 1, axes.allSatisfy({ operand[$0] == 1 }) {
            var result = SumForm.number(1)
            for factor in rest { result = product(result, sum([factor], over: axes, from: operand, to: shape), shape) }
            return result
        }
        let form = SumForm(terms: [.init(coefficient: 1, factors: rest)])
        guard rest.count == 1 else { return atom(.reduceSum(axes: axes), [form], shape) }
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
        case .broadcast(_, let places):
            return sumOfRepeated(inner, places, axes, operand, shape)
        case .pad(let before, let after):
            return sumOfPadded(inner, before, after, axes, shape)
        default: break
        }
        return atom(.reduceSum(axes: axes), [form], shape)
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
