import Graph

/// A buffer's place in ``Function/buffers``.
public struct BufferID: Hashable, Comparable, Sendable {
    /// The index.
    public let index: Int

    /// The buffer at `index`.
    public init(_ index: Int) { self.index = index }

    /// The order of the list.
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
    /// A contiguous stretch of another buffer, from element `offset` on: an operand of a concatenation that is computed
    /// in its place, or a slice of whole leading rows.
    case part(of: BufferID, offset: Int)
}

extension Function {
    /// The buffer whose memory `id` is a stretch of, and where it begins there; itself for buffers of their own.
    public func root(of id: BufferID) -> (buffer: BufferID, offset: Int) {
        guard case .part(let whole, let offset) = buffers[id.index].storage else { return (id, 0) }
        let outer = root(of: whole)
        return (outer.buffer, outer.offset + offset)
    }

    /// True if a kernel that writes one of the two changes the other.
    func overlap(_ a: BufferID, _ b: BufferID) -> Bool {
        let (first, second) = (root(of: a), root(of: b))
        guard first.buffer == second.buffer else { return false }
        return first.offset < second.offset + buffers[b.index].type.shape.count
            && second.offset < first.offset + buffers[a.index].type.shape.count
    }

    /// For each buffer, the buffers that overlap it, itself included.
    func overlaps() -> [[BufferID]] {
        var members: [BufferID: [BufferID]] = [:]
        for index in buffers.indices { members[root(of: BufferID(index)).buffer, default: []].append(BufferID(index)) }
        return buffers.indices.map { index in
            members[root(of: BufferID(index)).buffer]!.filter { overlap(BufferID(index), $0) }
        }
    }
}
