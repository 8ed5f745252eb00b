import Differentiation
import Graph
import GraphTesting
import Testing

@testable import Lowering

@Suite("Memory plan")
struct MemoryPlanTests {
    private func lowered(seed: UInt64) -> Function {
        let graph = RandomGraph.make(seed: seed, size: 40).graph.expandingGradients().graph
        return Function(lowering: graph, name: "f", prefix: "f", kind: .plain)
    }

    @Test("every plan of 100 random graphs passes the checker and is no smaller than what is alive at once")
    func plansHold() throws {
        for seed in 0..<100 as Range<UInt64> {
            let function = lowered(seed: seed)
            #expect(throws: Never.self, "seed \(seed)") { try function.checkPlan() }
            #expect(function.plan.count >= function.plan.lowerBound, "seed \(seed)")
        }
    }

    @Test("the checker finds two living tensors in one place")
    func overlapIsFound() {
        var found = 0
        for seed in 0..<20 as Range<UInt64> {
            var function = lowered(seed: seed)
            let lives = LiveRanges(function)
            let placed = function.buffers.indices.filter { lives.range[$0] != nil }
            for (a, b) in zip(placed, placed.dropFirst()) where lives.range[a]!.overlaps(lives.range[b]!) {
                let good = function.plan.offsets
                function.plan.offsets[a] = function.plan.offsets[b]
                #expect(throws: MemoryPlanError.self, "seed \(seed)") { try function.checkPlan() }
                function.plan.offsets = good
                found += 1
            }
        }
        #expect(found > 20)
    }

    @Test("the checker finds a tensor beyond the arena and one that is not aligned")
    func badPlacesAreFound() {
        var function = lowered(seed: 3)
        let buffer = function.plan.offsets.firstIndex { $0 != nil }!
        let good = function.plan.offsets[buffer]!
        function.plan.offsets[buffer] = function.plan.count
        #expect(throws: MemoryPlanError.self) { try function.checkPlan() }
        function.plan.offsets[buffer] = good + 1
        #expect(throws: MemoryPlanError.self) { try function.checkPlan() }
    }

    @Test("the checker finds a kernel that runs before its operand is there")
    func wrongOrderIsFound() {
        var function = lowered(seed: 5)
        function.kernels.reverse()
        #expect(throws: MemoryPlanError.self) { try function.checkPlan() }
    }
}
