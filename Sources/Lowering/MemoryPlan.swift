/// Where each transient buffer lies in the arena.
public struct MemoryPlan: Sendable {
    /// The first real of each transient buffer and of each part of one, by buffer index; nil for buffers with memory of
    /// their own.
    public var offsets: [Int?] = []
    /// Reals the function needs.
    public var count = 0
    /// The most reals alive at one time: no plan can need less.
    public var lowerBound = 0

    /// A plan of nothing.
    public init() {}

    /// Packs the buffers of `function`: the largest first, each into the lowest gap that is free for its whole life.
    ///
    /// - Complexity: quadratic in the number of buffers.
    public init(_ function: Function) {
        let lives = LiveRanges(function)
        offsets = [Int?](repeating: nil, count: function.buffers.count)
        let transient = function.buffers.indices.filter { lives.range[$0] != nil }
        let bySize = transient.sorted {
            (function.buffers[$1].type.shape.count, $0) < (function.buffers[$0].type.shape.count, $1)
        }
        var placed: [Int] = []
        for buffer in bySize {
            let size = Self.size(function.buffers[buffer])
            var start = 0
            let neighbours = placed.filter { lives.range[$0]!.overlaps(lives.range[buffer]!) }
                .sorted { offsets[$0]! < offsets[$1]! }
            for neighbour in neighbours {
                if offsets[neighbour]! >= start + size { break }
                start = max(start, offsets[neighbour]! + Self.size(function.buffers[neighbour]))
            }
            offsets[buffer] = start
            placed.append(buffer)
            count = max(count, start + size)
        }
        for index in function.buffers.indices where offsets[index] == nil {
            let root = function.root(of: BufferID(index))
            if let start = offsets[root.buffer.index] { offsets[index] = start + root.offset }
        }
        for step in function.kernels.indices {
            let alive = transient.filter { lives.range[$0]!.contains(step) }
            lowerBound = max(lowerBound, alive.reduce(0) { $0 + Self.size(function.buffers[$1]) })
        }
    }

    /// The reals a buffer occupies, whole cache lines.
    static func size(_ buffer: Buffer) -> Int { ParameterLayout.aligned(buffer.type.shape.count) }
}

/// From which kernel to which each transient buffer must keep its contents.
struct LiveRanges {
    /// First writer to last reader of a buffer or of any part of it, by buffer index; nil for parts and for buffers with
    /// memory of their own.
    private(set) var range: [ClosedRange<Int>?]

    init(_ function: Function) {
        range = [ClosedRange<Int>?](repeating: nil, count: function.buffers.count)
        for (step, kernel) in function.kernels.enumerated() {
            for buffer in kernel.reads + [kernel.writes] {
                let root = function.root(of: buffer).buffer.index
                guard function.buffers[root].storage == .transient else { continue }
                range[root] = (range[root]?.lowerBound ?? step)...step
            }
        }
    }
}
