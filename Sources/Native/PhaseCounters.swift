/// How often a kernel ran, and for how long.
public struct KernelCounter: Hashable, Sendable {
    /// Its runs.
    public var runs: Int
    /// Seconds of the wall clock in all of them together.
    public var seconds: Double

    /// A counter of both.
    public init(runs: Int, seconds: Double) {
        self.runs = runs
        self.seconds = seconds
    }
}

/// What one phase spent.
public struct PhaseCounters: Sendable {
    /// The kernels, in the order in which they run.
    public var kernels: [KernelCounter]
    /// The norms of the gradients, which tell whether one of them is not finite.
    public var gradientNorms: KernelCounter
    /// The optimiser, the statistics and the moving average.
    public var update: KernelCounter

    /// Counters of all parts.
    public init(kernels: [KernelCounter], gradientNorms: KernelCounter, update: KernelCounter) {
        self.kernels = kernels
        self.gradientNorms = gradientNorms
        self.update = update
    }

    /// Seconds of the whole phase.
    public var seconds: Double { (kernels + [gradientNorms, update]).reduce(0) { $0 + $1.seconds } }
}
