#if _endian(big)
    #error("the readers and writers of tensors copy memory as little-endian")
#endif

/// The element types that the tensor formats share.
public enum DType: String, CaseIterable, Sendable {
    case float32, float64, int32, int64, uint8

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .uint8: 1
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }
}

/// A tensor as a file holds it: little-endian bytes in C order.
public struct TensorEntry: Equatable, Sendable {
    /// The type of the elements.
    public let dtype: DType
    /// The extents, outermost first; empty for a scalar.
    public let shape: [Int]
    /// `shape.product * dtype.byteCount` bytes.
    public let bytes: [UInt8]

    /// A tensor from its bytes.
    ///
    /// - Requires: `bytes` are as many as `shape` and `dtype` ask for.
    public init(dtype: DType, shape: [Int], bytes: [UInt8]) {
        precondition(
            checkedProduct(shape + [dtype.byteCount]) == bytes.count,
            "\(bytes.count) bytes do not fill a \(dtype) tensor of shape \(shape)")
        self.dtype = dtype
        self.shape = shape
        self.bytes = bytes
    }

    /// A `float32` tensor; `shape` defaults to one axis.
    public init(_ values: [Float], shape: [Int]? = nil) {
        self.init(dtype: .float32, shape: shape ?? [values.count], bytes: rawBytes(values))
    }

    /// A `float64` tensor; `shape` defaults to one axis.
    public init(_ values: [Double], shape: [Int]? = nil) {
        self.init(dtype: .float64, shape: shape ?? [values.count], bytes: rawBytes(values))
    }

    /// An `int32` tensor; `shape` defaults to one axis.
    public init(_ values: [Int32], shape: [Int]? = nil) {
        self.init(dtype: .int32, shape: shape ?? [values.count], bytes: rawBytes(values))
    }

    /// An `int64` tensor; `shape` defaults to one axis.
    public init(_ values: [Int64], shape: [Int]? = nil) {
        self.init(dtype: .int64, shape: shape ?? [values.count], bytes: rawBytes(values))
    }

    /// A `uint8` tensor; `shape` defaults to one axis.
    public init(_ values: [UInt8], shape: [Int]? = nil) {
        self.init(dtype: .uint8, shape: shape ?? [values.count], bytes: values)
    }

    /// The number of elements.
    public var count: Int { bytes.count / dtype.byteCount }

    /// The elements converted to `Double` (an `int64` beyond 2^53 is rounded).
    public var doubles: [Double] {
        switch dtype {
        case .float32: elements(as: Float.self).map(Double.init)
        case .float64: elements(as: Double.self)
        case .int32: elements(as: Int32.self).map(Double.init)
        case .int64: elements(as: Int64.self).map(Double.init)
        case .uint8: bytes.map(Double.init)
        }
    }

    /// The elements converted to `Float`, rounded to nearest.
    public var floats: [Float] {
        dtype == .float32 ? elements(as: Float.self) : doubles.map(Float.init)
    }

    /// The elements as whole numbers, or nil if the elements are floating-point.
    public var integers: [Int64]? {
        switch dtype {
        case .float32, .float64: nil
        case .int32: elements(as: Int32.self).map(Int64.init)
        case .int64: elements(as: Int64.self)
        case .uint8: bytes.map(Int64.init)
        }
    }

    private func elements<Element: BitwiseCopyable>(as type: Element.Type) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
            initialized = count
        }
    }
}

private func rawBytes<Element: BitwiseCopyable>(_ values: [Element]) -> [UInt8] {
    values.withUnsafeBytes { [UInt8]($0) }
}
