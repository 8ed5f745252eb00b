/// Work that several tasks ask for at the same time and that is done once.
actor SharedWork<Result: Sendable> {
    private var running: [String: Task<Result, any Error>] = [:]

    /// The result of `work`, or of the work under the same key that is already under way.
    ///
    /// - Throws: what the work throws, to all who wait for it.
    func result(of key: String, _ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
        if let other = running[key] { return try await other.value }
        let task = Task(operation: work)
        running[key] = task
        defer { running[key] = nil }
        return try await task.value
    }
}
