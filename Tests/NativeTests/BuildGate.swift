/// Lets two builds run at a time: tests run side by side, and each build keeps a processor busy.
actor BuildGate {
    static let shared = BuildGate()
    private var free = 2
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Waits for a place, runs `body`, and gives the place to the next.
    nonisolated func pass<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        await enter()
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
    }
}
