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
    /// - Complexity: kernels times buffers.
    public func checkPlan() throws {
        // Owners of disjoint pieces of the arena, as (start, end, buffer).
        var owners: [(start: Int, end: Int, buffer: Int)] = []
        var complete = Set<Int>()
        var writesLeft = [Int](repeating: 0, count: buffers.count)
        for kernel in kernels { writesLeft[kernel.writes.index] += 1 }

        for kernel in kernels {
            for read in kernel.reads where buffers[read.index].storage == .transient {
                guard let start = plan.offsets[read.index] else {
                    throw MemoryPlanError(description: "\(kernel.name) reads \(buffers[read.index].name), which has no place")
                }
                let end = start + buffers[read.index].type.shape.count
                let covered = owners.filter { $0.buffer == read.index && $0.start <= start && $0.end >= end }
                guard !covered.isEmpty, complete.contains(read.index) else {
                    throw MemoryPlanError(
                        description: "\(kernel.name) reads \(buffers[read.index].name) after it was overwritten or before it is complete")
                }
            }
            let target = kernel.writes.index
            writesLeft[target] -= 1
            if writesLeft[target] == 0 { complete.insert(target) }
            guard buffers[target].storage == .transient else { continue }
            guard let start = plan.offsets[target], start >= 0, start % ParameterLayout.alignment == 0 else {
                throw MemoryPlanError(description: "\(kernel.name) writes \(buffers[target].name), which has no aligned place")
            }
            let end = start + buffers[target].type.shape.count
            guard end <= plan.count else {
                throw MemoryPlanError(description: "\(buffers[target].name) ends at \(end), beyond the arena's \(plan.count)")
            }
            for read in kernel.reads where read.index != target && buffers[read.index].storage == .transient {
                let other = plan.offsets[read.index]!
                guard other >= end || other + buffers[read.index].type.shape.count <= start else {
                    throw MemoryPlanError(
                        description: "\(kernel.name) writes \(buffers[target].name) over its operand \(buffers[read.index].name)")
                }
            }
            owners.removeAll { $0.buffer != target && $0.start < end && $0.end > start }
            if !owners.contains(where: { $0.buffer == target }) { owners.append((start, end, target)) }
        }
    }
}
