import Graph

/// How a model is trained: the size of a batch, the number of steps, and each network's optimiser.
///
///     Training(batch: 64, steps: 20_000, seed: 7)
///         .discriminator(.adam(1e-4, beta1: 0, beta2: 0.9), updatesPerStep: 5)
///         .generator(.adam(1e-4, beta1: 0, beta2: 0.9))
///         .average(.generator, decay: 0.999)
public struct Training {
    /// One of a model's two networks.
    public enum NetworkName: String, Sendable { case generator, discriminator }

    var batch: Int
    var steps: Int
    var seed: UInt64
    var optimizers: [NetworkName: Optimizer] = [:]
    var updates: [NetworkName: Int] = [:]
    var movingAverage: MovingAverage?
    var telemetryInterval: Int?
    let location: SourceLocation

    /// Training with `batch` examples in each phase. Both networks begin with Adam(2e-4, 0.5, 0.999) and one update a
    /// step (the DCGAN setting).
    public init(
        batch: Int = 64, steps: Int = 10_000, seed: UInt64 = 1, fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) {
        self.batch = batch
        self.steps = steps
        self.seed = seed
        location = sourceLocation(fileID, line, column)
    }

    /// The same with the discriminator's optimiser, and how often it is updated before each update of the generator,
    /// each time with new examples.
    public func discriminator(_ optimizer: Optimizer, updatesPerStep: Int = 1) -> Training {
        setting(.discriminator, optimizer, updatesPerStep)
    }

    /// The same with the generator's optimiser, and how often it is updated in a step.
    public func generator(_ optimizer: Optimizer, updatesPerStep: Int = 1) -> Training {
        setting(.generator, optimizer, updatesPerStep)
    }

    /// The same with an exponential moving average of a network, `d · a + (1 − d) · p`, statistics included, where
    /// `d = min(decay, (1 + t) / (10 + t))` at update `t`.
    public func average(_ network: NetworkName, decay: Double) -> Training {
        var training = self
        training.movingAverage = MovingAverage(network: network.rawValue, decay: decay)
        return training
    }

    /// The same with a look at every parameter and layer at each `interval`-th step; 0 for no telemetry.
    public func telemetry(every interval: Int) -> Training {
        var training = self
        training.telemetryInterval = interval
        return training
    }

    private func setting(_ network: NetworkName, _ optimizer: Optimizer, _ updates: Int) -> Training {
        var training = self
        training.optimizers[network] = optimizer
        training.updates[network] = updates
        return training
    }

    func optimizer(of network: NetworkName) -> Optimizer { optimizers[network] ?? .adam() }
    func updates(of network: NetworkName) -> Int { updates[network] ?? 1 }
}

extension Optimizer {
    /// Stochastic gradient descent, by default without momentum.
    public static func sgd(_ rate: Double, momentum: Double = 0, nesterov: Bool = false) -> Optimizer {
        .sgd(rate: rate, momentum: momentum, nesterov: nesterov)
    }

    /// RMSProp (Tieleman & Hinton 2012).
    public static func rmsProp(_ rate: Double = 5e-5, decay: Double = 0.9, epsilon: Double = 1e-8) -> Optimizer {
        .rmsProp(rate: rate, decay: decay, epsilon: epsilon)
    }

    /// Adam (Kingma & Ba 2015); the defaults are those of DCGAN (Radford 2016).
    public static func adam(
        _ rate: Double = 2e-4, beta1: Double = 0.5, beta2: Double = 0.999, epsilon: Double = 1e-8
    ) -> Optimizer {
        .adam(rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon)
    }
}
