/// Numbers as the library holds them: floats, doubles, or 32-bit indices.
public final class RealBuffer {
    /// The numbers in place, valid as long as the buffer lives.
    public enum Values {
        /// In single precision.
        case floats(UnsafeMutableBufferPointer<Float>)
        /// In double precision.
        case doubles(UnsafeMutableBufferPointer<Double>)
        /// Indices.
        case indices(UnsafeMutableBufferPointer<Int32>)
    }

    private enum Element { case float, double, index }

    /// Where the numbers begin.
    public let address: UnsafeMutableRawPointer
    private let count: Int
    private let element: Element

    /// `count` zeros.
    public init(count: Int, precision: Precision) {
        self.count = count
        element = precision == .float ? .float : .double
        address = .allocate(byteCount: max(1, count * precision.bytes), alignment: 64)
        address.initializeMemory(as: UInt8.self, repeating: 0, count: count * precision.bytes)
    }

    /// `values`, rounded to the precision.
    public convenience init(_ values: [Double], precision: Precision) {
        self.init(count: values.count, precision: precision)
        switch precision {
        case .float:
            let floats = address.assumingMemoryBound(to: Float.self)
            for (index, value) in values.enumerated() { floats[index] = Float(value) }
        case .double:
            let doubles = address.assumingMemoryBound(to: Double.self)
            for (index, value) in values.enumerated() { doubles[index] = value }
        }
    }

    /// `values`, which are whole numbers.
    public init(indices values: [Double]) {
        count = values.count
        element = .index
        address = .allocate(byteCount: max(1, count * 4), alignment: 64)
        let indices = address.bindMemory(to: Int32.self, capacity: count)
        for (index, value) in values.enumerated() { indices[index] = Int32(value) }
    }

    deinit { address.deallocate() }

    /// The numbers in place.
    public var values: Values {
        switch element {
        case .float: .floats(.init(start: address.assumingMemoryBound(to: Float.self), count: count))
        case .double: .doubles(.init(start: address.assumingMemoryBound(to: Double.self), count: count))
        case .index: .indices(.init(start: address.assumingMemoryBound(to: Int32.self), count: count))
        }
    }

    /// A copy of the numbers.
    public var doubles: [Double] {
        switch element {
        case .float:
            UnsafeBufferPointer(start: address.assumingMemoryBound(to: Float.self), count: count).map(Double.init)
        case .double: Array(UnsafeBufferPointer(start: address.assumingMemoryBound(to: Double.self), count: count))
        case .index:
            UnsafeBufferPointer(start: address.assumingMemoryBound(to: Int32.self), count: count).map(Double.init)
        }
    }

    var floats: [Float] {
        switch element {
        case .float: Array(UnsafeBufferPointer(start: address.assumingMemoryBound(to: Float.self), count: count))
        case .double, .index: doubles.map { Float($0) }
        }
    }
}

extension Precision {
    /// The numbers in `bytes`.
    func doubles(_ bytes: UnsafeRawBufferPointer) -> [Double] {
        switch self {
        case .float: bytes.bindMemory(to: Float.self).map(Double.init)
        case .double: Array(bytes.bindMemory(to: Double.self))
        }
    }
}
