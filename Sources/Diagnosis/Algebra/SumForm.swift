/// A value written as a sum of products of atoms: the normal form in which equal expressions look alike and opposite ones
/// cancel.
struct SumForm: Hashable {
    /// A number times atoms, which are counted with repetition and ascend.
    struct Term: Hashable {
        var coefficient: Double
        var factors: [Int]
    }

    /// No two have the same factors; they ascend by factors, and no coefficient is 0.
    var terms: [Term]

    /// The number 0.
    static let zero = SumForm(terms: [])

    /// The number `value` in every element.
    static func number(_ value: Double) -> SumForm {
        value == 0 ? zero : SumForm(terms: [Term(coefficient: quantised(value), factors: [])])
    }

    /// The atom itself.
    static func atom(_ atom: Int) -> SumForm { SumForm(terms: [Term(coefficient: 1, factors: [atom])]) }

    /// True of the number 0.
    var isZero: Bool { terms.isEmpty }

    /// The number that every element is, if the form has no atoms.
    var number: Double? {
        if terms.isEmpty { return 0 }
        return terms.count == 1 && terms[0].factors.isEmpty ? terms[0].coefficient : nil
    }

    /// The atom that the form is, if it is one.
    var atom: Int? {
        terms.count == 1 && terms[0].coefficient == 1 && terms[0].factors.count == 1 ? terms[0].factors[0] : nil
    }

    /// Every element times `factor`.
    func scaled(by factor: Double) -> SumForm {
        guard factor != 0 else { return .zero }
        return SumForm(
            terms: terms.map { Term(coefficient: Self.quantised($0.coefficient * factor), factors: $0.factors) })
    }

    /// The sum. A coefficient that is nothing but the rounding of its two parts is 0.
    static func + (a: SumForm, b: SumForm) -> SumForm {
        var result: [Term] = []
        result.reserveCapacity(a.terms.count + b.terms.count)
        var (i, j) = (0, 0)
        while i < a.terms.count, j < b.terms.count {
            let (x, y) = (a.terms[i], b.terms[j])
            if x.factors == y.factors {
                let sum = x.coefficient + y.coefficient
                if abs(sum) > 1e-11 * max(abs(x.coefficient), abs(y.coefficient)) {
                    result.append(Term(coefficient: quantised(sum), factors: x.factors))
                }
                (i, j) = (i + 1, j + 1)
            } else if x.factors.lexicographicallyPrecedes(y.factors) {
                result.append(x)
                i += 1
            } else {
                result.append(y)
                j += 1
            }
        }
        return SumForm(terms: result + a.terms[i...] + b.terms[j...])
    }

    /// The difference.
    static func - (a: SumForm, b: SumForm) -> SumForm { a + b.scaled(by: -1) }

    /// An order of its own, so that commutative functions have one form.
    func precedes(_ other: SumForm) -> Bool {
        terms.lexicographicallyPrecedes(other.terms) { a, b in
            if a.factors != b.factors { return a.factors.lexicographicallyPrecedes(b.factors) }
            return a.coefficient < b.coefficient
        }
    }

    /// `value` without its last bits, so that numbers that differ by rounding are one.
    private static func quantised(_ value: Double) -> Double {
        guard value.isNormal else { return value }
        let unit = value.ulp * 4096
        return (value / unit).rounded() * unit
    }
}
