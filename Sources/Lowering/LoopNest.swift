import Graph

/// An integer that is linear in the loop indices: `base + Σ terms[axis] · index[axis]`.
public struct Affine: Hashable, Sendable {
    /// The value where every index is 0.
    public var base: Int
    /// One factor for each loop axis.
    public var terms: [Int]

    /// `base + Σ terms · indices`.
    public init(base: Int = 0, terms: [Int]) {
        self.base = base
        self.terms = terms
    }

    /// The index of axis `axis` among `count` loop axes.
    public static func index(_ axis: Int, of count: Int) -> Affine {
        var terms = [Int](repeating: 0, count: count)
        terms[axis] = 1
        return Affine(terms: terms)
    }

    static func + (a: Affine, b: Affine) -> Affine {
        Affine(base: a.base + b.base, terms: zip(a.terms, b.terms).map(+))
    }

    static func * (a: Affine, factor: Int) -> Affine {
        Affine(base: a.base * factor, terms: a.terms.map { $0 * factor })
    }
}

/// A condition under which a load happens: `0 ≤ coordinate < extent`. Elsewhere the value is 0, as padding has it.
public struct Guard: Hashable, Sendable {
    /// The coordinate along the padded axis.
    public var coordinate: Affine
    /// The operand's extent along it.
    public var extent: Int
}

/// Where a loop body touches a buffer.
public struct Access: Hashable, Sendable {
    /// The buffer.
    public var buffer: BufferID
    /// The element, counted from the buffer's start.
    public var element: Affine
}

/// One value in a loop body; operands are earlier instructions.
public enum Instruction: Hashable, Sendable {
    case load(Access, guards: [Guard])
    case constant(Double)
    case unary(UnaryFunction, Int)
    case binary(BinaryFunction, Int, Int)
    case select(Int, Int, Int)
    /// The operand where all guards hold, else 0.
    case guarded([Guard], Int)
}

/// How values along the reduced axes become one.
public enum Reduction: Hashable, Sendable { case sum, maximum }

/// Nested loops around straight-line arithmetic: the form of every elementwise kernel and every reduction.
public struct LoopNest: Sendable {
    /// The loop extents, outermost first: parallel axes, then reduced ones.
    public var extents: [Int]
    /// How many of the extents, counted from the end, are reduced.
    public var reducedAxes: Int
    /// What the reduction is; nil if and only if no axis is reduced.
    public var reduction: Reduction?
    /// The arithmetic of one iteration.
    public var body: [Instruction]
    /// Which instruction's value is stored (after reduction, if any).
    public var result: Int
    /// Where it is stored; no term for a reduced axis.
    public var store: Access

    /// How many axes are not reduced.
    public var parallelAxes: Int { extents.count - reducedAxes }

    /// Iterations of the whole nest.
    public var iterations: Int { extents.reduce(1, *) }
}

extension LoopNest {
    /// The same loops with neighbouring axes merged wherever every access treats them as one.
    ///
    /// `for i in 0..<64 { for j in 0..<128 { y[i·128 + j] = x[i·128 + j] } }` → `for i in 0..<8192 { y[i] = x[i] }`
    public func collapsed() -> LoopNest {
        var nest = self
        // Axes of extent 1 contribute nothing.
        for axis in extents.indices.reversed() where extents[axis] == 1 { nest.remove(axis: axis) }
        var axis = nest.extents.count - 2
        while axis >= 0 {
            let crossesReduction = axis == nest.parallelAxes - 1
            if !crossesReduction,
                nest.affines.allSatisfy({
                    $0.terms[axis] == $0.terms[axis + 1] * nest.extents[axis + 1]
                }), !nest.guardsMention(axis), !nest.guardsMention(axis + 1)
            {
                nest.extents[axis + 1] *= nest.extents[axis]
                nest.drop(axis: axis)
            }
            axis -= 1
        }
        return nest
    }

    /// Every linear expression of the nest's accesses (guards aside).
    private var affines: [Affine] {
        var result = [store.element]
        for case .load(let access, _) in body { result.append(access.element) }
        return result
    }

    private func guardsMention(_ axis: Int) -> Bool {
        body.contains { instruction in
            switch instruction {
            case .load(_, let guards), .guarded(let guards, _):
                guards.contains { $0.coordinate.terms[axis] != 0 }
            default: false
            }
        }
    }

    private mutating func remove(axis: Int) {
        if axis >= parallelAxes { reducedAxes -= 1 }
        extents.remove(at: axis)
        mapAffines { affine in affine.terms.remove(at: axis) }
    }

    /// Drops the terms of `axis`, whose extent has been multiplied into the next axis.
    private mutating func drop(axis: Int) { remove(axis: axis) }

    /// Rewrites every linear expression, guards included.
    mutating func mapAffines(_ change: (inout Affine) -> Void) {
        func changed(_ guards: [Guard]) -> [Guard] {
            guards.map { item in
                var item = item
                change(&item.coordinate)
                return item
            }
        }
        change(&store.element)
        for index in body.indices {
            switch body[index] {
            case .load(var access, let guards):
                change(&access.element)
                body[index] = .load(access, guards: changed(guards))
            case .guarded(let guards, let operand):
                body[index] = .guarded(changed(guards), operand)
            case .constant, .unary, .binary, .select: break
            }
        }
    }
}
