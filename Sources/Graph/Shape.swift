/// The extents of a tensor's axes, outermost first; a scalar has none. Layout is always row-major.
public struct Shape: Hashable, Codable, Sendable, CustomStringConvertible, ExpressibleByArrayLiteral {
    /// One positive extent for each axis.
    public var dimensions: [Int]

    /// The shape with extents `dimensions`.
    public init(_ dimensions: [Int]) { self.dimensions = dimensions }

    /// The shape with extents `elements`.
    public init(arrayLiteral elements: Int...) { self.dimensions = elements }

    /// The shape without axes.
    public static let scalar = Shape([])

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The number of elements: the product of the extents, 1 for a scalar.
    public var count: Int { dimensions.reduce(1, *) }

    /// True of what a tensor can have: positive extents, at most eight axes and 2³⁴ elements, so that no product of
    /// extents overflows.
    public var isPossible: Bool {
        guard rank <= 8 else { return false }
        var count = 1
        for extent in dimensions {
            guard extent > 0, extent <= (1 << 34) / count else { return false }
            count *= extent
        }
        return true
    }

    /// The extent of axis `axis`.
    public subscript(axis: Int) -> Int {
        get { dimensions[axis] }
        set { dimensions[axis] = newValue }
    }

    /// Row-major strides in elements: the last axis has stride 1.
    public var strides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }

    /// The shape without the axes in `axes`.
    public func removing(axes: [Int]) -> Shape {
        Shape(dimensions.indices.filter { !axes.contains($0) }.map { dimensions[$0] })
    }

    /// The extents as they are printed in graphs: `[64, 28, 28, 1]`.
    public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}

/// What the elements of a tensor are.
public enum ElementType: String, Hashable, Codable, Sendable {
    /// `float` or `double`, as the emitted C is built.
    case real
    /// A 32-bit integer that indexes something: a label, a row, a pixel.
    case index
}

/// A tensor's shape and element type.
public struct TensorType: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The extents of the axes.
    public var shape: Shape
    /// What the elements are.
    public var element: ElementType

    /// A type with `shape` and elements of type `element`.
    public init(_ shape: Shape, _ element: ElementType = .real) {
        self.shape = shape
        self.element = element
    }

    /// The shape, with `index` before it where the elements are indices.
    public var description: String { element == .real ? "\(shape)" : "index\(shape)" }
}
