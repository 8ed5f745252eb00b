import Graph

/// A graph as kernels over buffers, in the order in which they run.
public struct Function: Sendable {
    /// A C identifier: the phase's name, or the function's.
    public var name: String
    /// What the names of its kernels and arena places begin with.
    public var prefix: String
    /// Every tensor in memory that the kernels touch.
    public var buffers: [Buffer]
    /// The kernels, each after those whose results it reads.
    public var kernels: [Kernel]
    /// The random draws, by number.
    public var draws: [DrawSite]
    /// The loss and the tracked values, in order.
    public var values: [String]
    /// The caller's tensors, in order (plain functions and the sampler).
    public var arguments: [Signature]
    /// The caller's results, in order (plain functions and the sampler).
    public var results: [Signature]
    /// The arena places of transient buffers; filled by the memory plan.
    public var plan = MemoryPlan()

    /// A random draw of the function.
    public struct DrawSite: Hashable, Sendable {
        /// Name and law.
        public var draw: Draw
        /// Extents.
        public var shape: Shape
    }

    /// A named tensor of the caller's.
    public struct Signature: Hashable, Sendable {
        /// The name in the graph.
        public var name: String
        /// Extents and element type.
        public var type: TensorType
    }
}
