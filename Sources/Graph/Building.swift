extension Graph {
    /// The scalar `value`.
    public mutating func constant(_ value: Double, origin: Origin) -> NodeID {
        append(.constant(value), origin: origin)
    }

    /// A tensor of `shape` whose every element is `value`.
    public mutating func full(_ value: Double, _ shape: Shape, origin: Origin) -> NodeID {
        let scalar = constant(value, origin: origin)
        return shape.rank == 0 ? scalar : append(.broadcast(shape, axes: []), [scalar], origin: origin)
    }

    /// `function` of every element of `x`.
    public mutating func unary(_ function: UnaryFunction, _ x: NodeID, origin: Origin) -> NodeID {
        append(.unary(function), [x], origin: origin)
    }

    /// `function` of the elements of `a` and `b`, which have the same shape.
    public mutating func binary(_ function: BinaryFunction, _ a: NodeID, _ b: NodeID, origin: Origin) -> NodeID {
        append(.binary(function), [a, b], origin: origin)
    }

    /// `x` times the number `factor`.
    public mutating func scale(_ x: NodeID, by factor: Double, origin: Origin) -> NodeID {
        factor == 1 ? x : binary(.multiply, x, full(factor, self[x].shape, origin: origin), origin: origin)
    }

    /// `x` with its axes as axes `axes` of `shape`, stretched along the others; `x` itself if it has that shape.
    public mutating func broadcast(_ x: NodeID, to shape: Shape, axes: [Int], origin: Origin) -> NodeID {
        self[x].shape == shape ? x : append(.broadcast(shape, axes: axes), [x], origin: origin)
    }

    /// The sum of `x` over `axes`; `x` itself if there are none.
    public mutating func sum(_ x: NodeID, over axes: [Int], origin: Origin) -> NodeID {
        axes.isEmpty ? x : append(.reduceSum(axes: axes), [x], origin: origin)
    }

    /// `x` with the same elements in `shape`; `x` itself if it has that shape.
    public mutating func reshape(_ x: NodeID, to shape: Shape, origin: Origin) -> NodeID {
        self[x].shape == shape ? x : append(.reshape(shape), [x], origin: origin)
    }

    /// The value of a node that is one number, or one number stretched to a shape.
    public func uniformValue(of id: NodeID) -> Double? {
        switch self[id].op {
        case .constant(let value): value
        case .broadcast, .reshape: uniformValue(of: self[id].inputs[0])
        default: nil
        }
    }
}
