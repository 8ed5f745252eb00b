import CGAN

/// What one run of a phase costs, piece by piece.
public struct PhaseCost: Sendable {
    /// The phase's name.
    public var name: String
    /// How often the phase runs in a step.
    public var runs: Int
    /// The kernels, in the order in which they run.
    public var kernels: [KernelCost]
    /// The squares of all gradients that no kernel takes, which tell whether one of them is not finite.
    public var gradientNorms: KernelCost
    /// The optimiser, the statistics that are renewed, and the moving average.
    public var update: KernelCost

    /// The whole run.
    public var total: KernelCost { kernels.reduce(gradientNorms + update, +) }
}

/// What a machine is assumed to reach, all its threads together.
public struct Roofline: Sendable {
    /// Floating-point operations in a second.
    public var peak: Double
    /// Bytes between memory and processor in a second.
    public var bandwidth: Double

    /// The two roofs of Williams, Waterman and Patterson (2009).
    public init(peak: Double, bandwidth: Double) {
        self.peak = peak
        self.bandwidth = bandwidth
    }

    /// Which roof a piece of work meets first.
    public enum Bound: String, Sendable { case compute, memory }

    /// Operations for each byte below which memory is the bound.
    public var ridge: Double { peak / bandwidth }

    /// The bound of a piece of work.
    public func bound(of cost: KernelCost) -> Bound { cost.intensity < ridge ? .memory : .compute }

    /// Seconds that a piece of work takes at least.
    public func seconds(of cost: KernelCost) -> Double {
        max(Double(cost.operations) / peak, Double(cost.bytes) / bandwidth)
    }
}

extension LoweredProgram {
    /// What each phase of a training step costs, with numbers of `realBytes` bytes.
    public func costs(realBytes: Int) -> [PhaseCost] {
        phases.map { item in
            PhaseCost(
                name: item.phase.name, runs: item.phase.runs,
                kernels: item.function.kernels.map { kernel in
                    let cost = item.function.cost(of: kernel, realBytes: realBytes)
                    guard kernel.isLeft else { return cost }
                    return cost + self.cost(ofLeft: kernel.type.shape.count, item.phase.optimizer, realBytes: realBytes)
                },
                gradientNorms: gradientNorms(of: item, realBytes: realBytes),
                update: update(of: item, realBytes: realBytes))
        }
    }

    /// A square and a sum for each element of the gradients.
    private func gradientNorms(of item: LoweredPhase, realBytes: Int) -> KernelCost {
        let taken = item.function.kernels.filter { $0.isLeft || item.function.squaredGradient(of: $0) != nil }
        let count = trainedReals(of: item.phase.network) - taken.reduce(0) { $0 + $1.type.shape.count }
        var cost = KernelCost()
        cost.otherOperations = 2 * count
        cost.bytesRead = count * realBytes
        return cost
    }

    /// What the update of `count` weights costs beside the product that is their gradient, which is then in the cache, and
    /// of which squares are taken too.
    private func cost(ofLeft count: Int, _ optimizer: Optimizer, realBytes: Int) -> KernelCost {
        var cost = update(of: count, optimizer, realBytes: realBytes)
        cost.otherOperations += 2 * count
        cost.bytesRead -= count * realBytes
        return cost
    }

    /// Operations for each parameter, those of the norms included; gradient, parameter and moments read, all but the
    /// gradient written.
    private func update(of count: Int, _ optimizer: Optimizer, realBytes: Int) -> KernelCost {
        let operations =
            switch optimizer {
            case .adam: 20
            case .rmsProp: 15
            case .sgd: 9
            }
        let moments = [optimizer.keepsFirstMoment, optimizer.keepsSecondMoment].count { $0 }
        var cost = KernelCost()
        cost.otherOperations = operations * count
        cost.bytesRead = (2 + moments) * count * realBytes
        cost.bytesWritten = (1 + moments) * count * realBytes
        return cost
    }

    private func update(of item: LoweredPhase, realBytes: Int) -> KernelCost {
        let left = item.function.kernels.filter(\.isLeft).reduce(0) { $0 + $1.type.shape.count }
        var cost = update(
            of: trainedReals(of: item.phase.network) - left, item.phase.optimizer, realBytes: realBytes)
        for buffer in item.function.buffers {
            guard case .renewed = buffer.storage else { continue }
            cost.bytesRead += buffer.type.shape.count * realBytes
            cost.bytesWritten += buffer.type.shape.count * realBytes
        }
        if let average = program.average, average.network == item.phase.network {
            let kept = layout.networks.first { $0.name == average.network }?.parameters.count ?? 0
            cost.otherOperations += 3 * kept
            cost.bytesRead += 2 * kept * realBytes
            cost.bytesWritten += kept * realBytes
        }
        return cost
    }

    private func trainedReals(of network: String) -> Int {
        layout.networks.first { $0.name == network }?.gradients.count ?? 0
    }
}
