import Graph

/// Values side by side: a sum of what is padded to disjoint parts of one axis, as a concatenation is.
extension Algebra {
    /// One part: what is there, its extents, and where it lies.
    struct Part {
        var form: SumForm
        var shape: Shape
        var before, after: [Int]
    }

    /// The parts of a value that lie side by side and fill an axis, each with its piece of what is added to all; nil if it
    /// is not made of at least two.
    mutating func parts(of x: SumForm, _ shape: Shape) -> [Part]? {
        guard x.terms.count > 1 else { return nil }
        var parts: [Part] = []
        var others: [SumForm.Term] = []
        for term in x.terms {
            guard term.factors.count == 1, case .pad(let before, let after) = atoms[term.factors[0]].op else {
                others.append(term)
                continue
            }
            let inner = atoms[term.factors[0]].operands[0].scaled(by: term.coefficient)
            if let known = parts.firstIndex(where: { $0.before == before && $0.after == after }) {
                parts[known].form = parts[known].form + inner
            } else {
                let own = operandShape(atoms[term.factors[0]])
                parts.append(Part(form: inner, shape: own, before: before, after: after))
            }
        }
        guard parts.count > 1, fillAnAxis(&parts, of: shape) else { return nil }
        for index in parts.indices {
            parts[index].form =
                parts[index].form + piece(of: SumForm(terms: others), at: parts[index], from: shape)
        }
        return parts
    }

    /// True if the parts, put in order, fill one axis of `shape` without a gap, and all others.
    private func fillAnAxis(_ parts: inout [Part], of shape: Shape) -> Bool {
        guard let axis = shape.dimensions.indices.first(where: { parts[0].shape[$0] != shape[$0] }) else {
            return false
        }
        parts.sort { $0.before[axis] < $1.before[axis] }
        var end = 0
        for part in parts {
            var whole = part.shape
            whole[axis] = shape[axis]
            guard part.before[axis] == end, whole == shape else { return false }
            end += part.shape[axis]
        }
        return end == shape[axis]
    }

    /// The piece of `x` that lies where `part` does.
    mutating func piece(of x: SumForm, at part: Part, from shape: Shape) -> SumForm {
        linear(.slice(start: part.before, size: part.shape.dimensions), x, from: shape, to: part.shape)
    }

    /// A function of every element, part by part, side by side again.
    mutating func joined(
        _ parts: [Part], _ shape: Shape, _ function: (inout Algebra, Part) -> SumForm
    ) -> SumForm {
        let results = parts.map { function(&self, $0) }
        if let number = results[0].number, results.allSatisfy({ $0.number == number }) { return results[0] }
        var sum = SumForm.zero
        for (part, result) in zip(parts, results) {
            sum = sum + linear(.pad(before: part.before, after: part.after), result, from: part.shape, to: shape)
        }
        return sum
    }

    /// The product of what is padded and other factors is padded too, and reads only a piece of them. Nil where nothing is
    /// padded.
    mutating func paddedProduct(_ a: [Int], _ b: [Int], _ shape: Shape) -> SumForm? {
        let factors = merged(a, b)
        for (index, factor) in factors.enumerated() {
            guard factors.count > 1, case .pad(let before, _) = atoms[factor].op else { continue }
            let own = operandShape(atoms[factor])
            var inner = atoms[factor].operands[0]
            for (other, factor) in factors.enumerated() where other != index {
                let piece = linear(
                    .slice(start: before, size: own.dimensions), .atom(factor), from: shape, to: own)
                inner = product(inner, piece, own)
            }
            return linear(atoms[factor].op, inner, from: own, to: shape)
        }
        return nil
    }
}
