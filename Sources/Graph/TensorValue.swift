/// A tensor's elements as the reference interpreter holds them.
public struct TensorValue: Hashable, Sendable {
    /// The extents of the axes.
    public var shape: Shape
    /// The elements in row-major order; those of an index tensor are whole numbers.
    public var elements: [Double]

    /// The tensor of `shape` with `elements` in row-major order.
    ///
    /// - Precondition: there are as many elements as the shape has.
    public init(_ shape: Shape, _ elements: [Double]) {
        precondition(shape.count == elements.count, "\(shape) has \(shape.count) elements, not \(elements.count)")
        self.shape = shape
        self.elements = elements
    }

    /// The tensor of `shape` whose every element is `value`.
    public init(_ shape: Shape, repeating value: Double) {
        self.init(shape, [Double](repeating: value, count: shape.count))
    }

    /// The number `value`.
    public init(_ value: Double) { self.init(.scalar, [value]) }

    /// The only element.
    ///
    /// - Precondition: there is exactly one.
    public var scalar: Double {
        precondition(elements.count == 1, "\(shape) is not one number")
        return elements[0]
    }
}
