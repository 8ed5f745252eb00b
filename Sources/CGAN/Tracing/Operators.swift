import Graph

extension Tensor {
    /// The elementwise sum; extents of 1 and single numbers are stretched.
    public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .add) }
    /// The elementwise difference; extents of 1 and single numbers are stretched.
    public static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .subtract) }
    /// The elementwise product; extents of 1 and single numbers are stretched.
    public static func * (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .multiply) }
    /// The elementwise quotient; extents of 1 and single numbers are stretched.
    public static func / (a: Tensor, b: Tensor) -> Tensor { a.combined(with: b, .divide) }

    /// `b` added to every element.
    public static func + (a: Tensor, b: Double) -> Tensor { a + a.number(b) }
    /// Every element added to `a`.
    public static func + (a: Double, b: Tensor) -> Tensor { b.number(a) + b }
    /// `b` subtracted from every element.
    public static func - (a: Tensor, b: Double) -> Tensor { a - a.number(b) }
    /// Every element subtracted from `a`.
    public static func - (a: Double, b: Tensor) -> Tensor { b.number(a) - b }
    /// Every element times `b`.
    public static func * (a: Tensor, b: Double) -> Tensor { a * a.number(b) }
    /// Every element times `a`.
    public static func * (a: Double, b: Tensor) -> Tensor { b.number(a) * b }
    /// Every element divided by `b`.
    public static func / (a: Tensor, b: Double) -> Tensor { a / a.number(b) }
    /// `a` divided by every element.
    public static func / (a: Double, b: Tensor) -> Tensor { b.number(a) / b }

    /// Every element negated.
    public static prefix func - (a: Tensor) -> Tensor { a.trace.emit(.unary(.negate), [a], "negate", at: a.place) }

    /// A single number of the same graph.
    func number(_ value: Double) -> Tensor {
        guard value.isFinite else {
            return trace.mistake(
                ModelError(
                    .notFinite, "\(value) is not a number to compute with", at: trace.origin("number", place).location),
                guess: TensorType(.scalar))
        }
        return trace.emit(.constant(value), [], "number", at: place)
    }

    /// `function` of the elements of both, after stretching. Operators cannot know where they were called, so an error
    /// is placed at the later operand.
    func combined(with other: Tensor, _ function: BinaryFunction, at location: SourceLocation? = nil) -> Tensor {
        let location = location ?? laterPlace(place, other.place)
        guard let shape = stretchedShape(type.shape, other.type.shape) else {
            return trace.mistake(
                ModelError(
                    .operandShapes, "\(function.rawValue): \(type.shape) and \(other.type.shape) do not fit",
                    at: trace.origin(function.rawValue, location).location,
                    notes: [trace.note(on: self), trace.note(on: other)],
                    help: wayOut(type.shape, other.type.shape)), guess: type)
        }
        let operands = [stretched(to: shape, at: location), other.stretched(to: shape, at: location)]
        return trace.emit(.binary(function), operands, function.rawValue, at: location)
    }

    /// The value with extents of 1 repeated, or a single number repeated everywhere, to give `shape`.
    func stretched(to shape: Shape, at location: SourceLocation? = nil) -> Tensor {
        if type.shape == shape { return self }
        let axes = rank == 0 ? [] : Array(0..<shape.rank)
        return trace.emit(
            .broadcast(shape, axes: axes), [self], "stretch", at: location ?? place,
            guess: TensorType(shape, type.element))
    }
}

/// The shape that `a` and `b` are stretched to: equal ranks with extents of 1 repeated, or one a single number; nil if
/// they do not fit. Axes are never added: `[64]` with `[64, 1]` would silently give `[64, 64]`.
func stretchedShape(_ a: Shape, _ b: Shape) -> Shape? {
    if a.rank == 0 { return b }
    if b.rank == 0 { return a }
    guard a.rank == b.rank else { return nil }
    var extents: [Int] = []
    for (x, y) in zip(a.dimensions, b.dimensions) {
        guard x == y || x == 1 || y == 1 else { return nil }
        extents.append(max(x, y))
    }
    return Shape(extents)
}

/// The later of two places in one file, where both are known.
private func laterPlace(_ a: SourceLocation?, _ b: SourceLocation?) -> SourceLocation? {
    guard let a, let b, a.file == b.file else { return a ?? b }
    return (a.line, a.column) < (b.line, b.column) ? b : a
}

/// What can be done about two shapes that do not fit.
private func wayOut(_ a: Shape, _ b: Shape) -> String {
    if a.count == b.count {
        let (short, long) = a.rank < b.rank ? (a, b) : (b, a)
        return "axes are never added by themselves; write reshape(x, to: \(long.dimensions)) around the one of shape "
            + "\(short)"
    }
    if a.rank != b.rank {
        let (short, long) = a.rank < b.rank ? (a, b) : (b, a)
        let padded = short.dimensions + Array(repeating: 1, count: long.rank - short.rank)
        return "axes are never added by themselves; write reshape(x, to: \(padded)) around the one of shape \(short)"
    }
    return "extents must be equal, or 1 to be repeated"
}
