/// A memory plan that would corrupt a tensor: always the compiler's own fault.
public struct MemoryPlanError: Error, CustomStringConvertible {
    /// What is wrong, with the kernels and buffers involved.
    public var description: String
}

extension Function {
    /// Checks the plan by running it: every place of the arena remembers which buffer was last written there, and every
    /// kernel must find its operands whole. Shares no code with the planner.
    ///
    /// - Throws: ``MemoryPlanError`` for the first kernel that would read something else.
    /// - Complexity: quadratic in the number of kernels.
    public func checkPlan() throws {
        var arena = ArenaSimulation()
        for (step, kernel) in kernels.enumerated() {
            let target = try place(of: kernel.writes, in: kernel)
            for read in kernel.reads {
                for later in kernels[step...] where overlap(later.writes, read) {
                    throw MemoryPlanError(
                        description: "\(kernel.name) reads \(buffers[read.index].name) before \(later.name) wrote it")
                }
                guard let source = try place(of: read, in: kernel) else { continue }
                guard arena.holds(root(of: read).buffer, in: source) else {
                    throw MemoryPlanError(
                        description: "\(kernel.name) reads \(buffers[read.index].name) after it was overwritten")
                }
                if let target, target.overlaps(source) {
                    throw MemoryPlanError(
                        description: "\(kernel.name) writes \(buffers[kernel.writes.index].name) over its operand "
                            + buffers[read.index].name)
                }
            }
            if let target { arena.write(root(of: kernel.writes).buffer, in: target) }
        }
    }

    /// The reals of the arena that buffer `id` has, nil if its memory is elsewhere.
    private func place(of id: BufferID, in kernel: Kernel) throws -> Range<Int>? {
        let buffer = buffers[id.index]
        guard buffers[root(of: id).buffer.index].storage == .transient else { return nil }
        guard let start = plan.offsets[id.index] else {
            throw MemoryPlanError(description: "\(kernel.name) uses \(buffer.name), which has no place")
        }
        let end = start + buffer.type.shape.count
        let isAligned = start % ParameterLayout.alignment == 0
        guard start >= 0, end <= plan.count, isAligned || buffer.storage != .transient else {
            throw MemoryPlanError(
                description: "\(buffer.name) at \(start) ..< \(end) is not aligned or leaves the arena's \(plan.count)")
        }
        return start..<end
    }
}

/// Which buffer was last written to each stretch of the arena.
private struct ArenaSimulation {
    private var pieces: [(range: Range<Int>, buffer: BufferID)] = []

    mutating func write(_ buffer: BufferID, in range: Range<Int>) {
        var kept: [(range: Range<Int>, buffer: BufferID)] = []
        for piece in pieces {
            guard piece.range.overlaps(range) else {
                kept.append(piece)
                continue
            }
            if piece.range.lowerBound < range.lowerBound {
                kept.append((piece.range.lowerBound..<range.lowerBound, piece.buffer))
            }
            if piece.range.upperBound > range.upperBound {
                kept.append((range.upperBound..<piece.range.upperBound, piece.buffer))
            }
        }
        pieces = kept + [(range, buffer)]
    }

    func holds(_ buffer: BufferID, in range: Range<Int>) -> Bool {
        var covered = range.lowerBound
        for piece in pieces.filter({ $0.buffer == buffer }).sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            if piece.range.lowerBound > covered { continue }
            covered = max(covered, piece.range.upperBound)
        }
        return covered >= range.upperBound
    }
}
