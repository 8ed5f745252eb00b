import Graph

/// A buffer's place in ``Function/buffers``.
public struct BufferID: Hashable, Comparable, Sendable {
    /// The index.
    public let index: Int

    /// The buffer at `index`.
    public init(_ index: Int) { self.index = index }

    public static func < (a: BufferID, b: BufferID) -> Bool { a.index < b.index }
}

/// A contiguous row-major tensor in memory.
public struct Buffer: Sendable {
    /// A C identifier, unique within the function.
    public var name: String
    /// Extents and element type.
    public var type: TensorType
    /// Which memory it lies in.
    public var storage: Storage
}

/// The kinds of memory an emitted function touches.
public enum Storage: Hashable, Sendable {
    /// A kept tensor, in the block of parameters (or of their moving averages).
    case parameter(String)
    /// The gradient of a trained parameter, in its network's contiguous block.
    case gradient(String)
    /// The new value of a statistic, copied over the old one when the phase has succeeded.
    case renewed(String)
    /// The loss or a tracked value, by its place among the phase's.
    case value(Int)
    /// The caller's tensor number `n`, read only.
    case argument(Int)
    /// The caller's result number `n`.
    case result(Int)
    /// A place in the arena that the memory plan gives, shared with buffers that live at other times.
    case transient
}
