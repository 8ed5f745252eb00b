import Graph

/// Operations that are linear in their operand: they go to each term, and there to each factor if they only move and
/// repeat elements.
extension Algebra {
    mutating func linear(_ op: Op, _ x: SumForm, from operand: Shape, to shape: Shape) -> SumForm {
        var result = SumForm.zero
        for term in x.terms {
            result = result + linear(op, term.factors, from: operand, to: shape).scaled(by: term.coefficient)
        }
        return result
    }

    /// The same for a product of atoms.
    private mutating func linear(_ op: Op, _ factors: [Int], from operand: Shape, to shape: Shape) -> SumForm {
        if case .reduceSum(let axes) = op { return sum(factors, over: axes, from: operand, to: shape) }
        if factors.isEmpty {
            switch op {
            case .reshape, .transpose, .broadcast, .slice, .averagePool: return .number(1)
            default: return atom(op, [.number(1)], shape)
            }
        }
        switch op {
        case .reshape, .transpose, .broadcast, .slice:
            var result = SumForm.number(1)
            for factor in factors { result = product(result, moved(op, factor, to: shape), shape) }
            return result
        default:
            return atom(op, [SumForm(terms: [.init(coefficient: 1, factors: factors)])], shape)
        }
    }

    /// One atom reshaped, transposed, repeated or cut out.
    private mutating func moved(_ op: Op, _ factor: Int, to shape: Shape) -> SumForm {
        let inner = atoms[factor]
        if inner.shape == shape {
            switch op {
            case .reshape, .broadcast, .slice: return .atom(factor)
            default: break
            }
        }
        switch (op, inner.op) {
        case (.reshape, .reshape):
            return linear(.reshape(shape), inner.operands[0], from: operandShape(inner), to: shape)
        case (.reshape, _) where inner.shape.withoutUnits == shape.withoutUnits:
            // Extents of 1 come and go: drop them, then repeat along new ones.
            let units = inner.shape.unitAxes
            let narrow = linear(.reduceSum(axes: units), .atom(factor), from: inner.shape, to: inner.shape.withoutUnits)
            let axes = (0..<shape.rank).filter { shape[$0] != 1 }
            return linear(.broadcast(shape, axes: axes), narrow, from: inner.shape.withoutUnits, to: shape)
        case (.reshape, .broadcast)
        where inner.shape.rank > 0 && shape.rank > 0 && inner.shape[0] > 1 && inner.shape[0] == shape[0]:
            // What is the same for every example stays so.
            let (narrow, result) = (inner.shape.removing(axes: [0]), shape.removing(axes: [0]))
            guard let once = constant(factor, along: [0], to: narrow) else { break }
            let moved = linear(.reshape(result), once, from: narrow, to: result)
            return linear(.broadcast(shape, axes: Array(1..<shape.rank)), moved, from: result, to: shape)
        case (.broadcast(_, let outer), .broadcast(_, let axes)):
            return linear(
                .broadcast(shape, axes: axes.map { outer[$0] }), inner.operands[0], from: operandShape(inner), to: shape
            )
        case (.broadcast(_, let outer), .reduceSum(let units))
        where inner.operands[0].atom.map { restores($0, without: units, shape, outer) } ?? false:
            return inner.operands[0]
        case (.broadcast(_, let outer), _) where !inner.shape.unitAxes.isEmpty:
            // Extents of 1 are dropped before they are stretched.
            let units = inner.shape.unitAxes
            let narrow = linear(.reduceSum(axes: units), .atom(factor), from: inner.shape, to: inner.shape.withoutUnits)
            let axes = outer.indices.filter { !units.contains($0) }.map { outer[$0] }
            return linear(.broadcast(shape, axes: axes), narrow, from: inner.shape.withoutUnits, to: shape)
        case (.broadcast(_, let axes), .pad(let before, let after)):
            // Repeating what is padded is padding what is repeated.
            let below = operandShape(inner)
            // Along what is stretched there must be no zeros.
            let isWhole = axes.indices.map { inner.shape[$0] == shape[axes[$0]] }
            guard axes.indices.allSatisfy({ isWhole[$0] || (before[$0] == 0 && after[$0] == 0) }) else { break }
            var narrow = shape
            var (first, last) = (shape.dimensions.map { _ in 0 }, shape.dimensions.map { _ in 0 })
            for (own, axis) in axes.enumerated() where isWhole[own] {
                (narrow[axis], first[axis], last[axis]) = (below[own], before[own], after[own])
            }
            let wide = linear(.broadcast(narrow, axes: axes), inner.operands[0], from: below, to: narrow)
            return linear(.pad(before: first, after: last), wide, from: narrow, to: shape)
        case (.transpose(let outer), .transpose(let permutation)):
            return linear(
                .transpose(permutation: outer.map { permutation[$0] }), inner.operands[0], from: operandShape(inner),
                to: shape)
        case (.transpose(let permutation), _) where permutation == Array(0..<permutation.count):
            return .atom(factor)
        case (.transpose(let permutation), .broadcast(_, let axes)):
            let places = axes.map { axis in permutation.firstIndex(of: axis) ?? 0 }
            guard places == places.sorted() else { break }
            return linear(.broadcast(shape, axes: places), inner.operands[0], from: operandShape(inner), to: shape)
        case (.slice(let start, let size), .pad(let before, _)):
            let below = operandShape(inner)
            switch overlap(start, size, of: before, below.dimensions) {
            case .inside:
                let cut = Op.slice(start: start.indices.map { start[$0] - before[$0] }, size: size)
                return linear(cut, inner.operands[0], from: below, to: shape)
            case .outside: return .zero
            case .partly: break
            }
        case (.slice(let start, let size), .broadcast(_, let axes)):
            let operand = operandShape(inner)
            let isKept = axes.enumerated().map { operand[$0] == inner.shape[$1] && inner.shape[$1] != 1 }
            let cut = Op.slice(
                start: axes.enumerated().map { isKept[$0] ? start[$1] : 0 },
                size: axes.enumerated().map { isKept[$0] ? size[$1] : operand[$0] })
            let narrow = Shape(axes.enumerated().map { isKept[$0] ? size[$1] : operand[$0] })
            let piece = linear(cut, inner.operands[0], from: operand, to: narrow)
            return linear(.broadcast(shape, axes: axes), piece, from: narrow, to: shape)
        default: break
        }
        return atom(op, [.atom(factor)], shape)
    }

    /// True if atom `factor` without its axes `units` of extent 1, repeated along `axes` of `shape`, is itself again.
    private func restores(_ factor: Int, without units: [Int], _ shape: Shape, _ axes: [Int]) -> Bool {
        let own = atoms[factor].shape
        return own == shape && units.allSatisfy { own[$0] == 1 }
            && axes == (0..<own.rank).filter { !units.contains($0) }
    }

    private enum Overlap { case inside, outside, partly }

    /// How a cut lies to what is padded.
    private func overlap(_ start: [Int], _ size: [Int], of before: [Int], _ extents: [Int]) -> Overlap {
        var result = Overlap.inside
        for axis in start.indices {
            let (low, high) = (start[axis], start[axis] + size[axis])
            let (first, last) = (before[axis], before[axis] + extents[axis])
            if high <= first || low >= last { return .outside }
            if low < first || high > last { result = .partly }
        }
        return result
    }

    /// The extents of the operand of an atom with one.
    func operandShape(_ atom: Atom) -> Shape {
        for term in atom.operands[0].terms {
            if let factor = term.factors.first { return atoms[factor].shape }
        }
        // Only a pad or a pooling's adjoint is kept of a number.
        switch atom.op {
        case .pad(let before, let after):
            return Shape(atom.shape.dimensions.indices.map { atom.shape[$0] - before[$0] - after[$0] })
        default: return atom.shape
        }
    }

    /// Side by side: a sum of the operands, each among zeros.
    mutating func concatenate(_ parts: [SumForm], _ shapes: [Shape], axis: Int, _ shape: Shape) -> SumForm {
        if let number = parts[0].number, parts.allSatisfy({ $0.number == number }) { return .number(number) }
        var result = SumForm.zero
        var start = 0
        for (part, own) in zip(parts, shapes) {
            var (before, after) = ([Int](repeating: 0, count: shape.rank), [Int](repeating: 0, count: shape.rank))
            before[axis] = start
            after[axis] = shape[axis] - start - own[axis]
            start += own[axis]
            result = result + linear(.pad(before: before, after: after), part, from: own, to: shape)
        }
        return result
    }
}

extension Shape {
    /// The axes of extent 1.
    var unitAxes: [Int] { (0..<rank).filter { self[$0] == 1 } }
    /// The shape without them.
    var withoutUnits: Shape { removing(axes: unitAxes) }
}
