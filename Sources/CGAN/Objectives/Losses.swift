/// What each network is trained to lower: two single numbers, and whatever else is to be watched.
public struct Losses {
    /// Lowered by the discriminator.
    public var discriminator: Tensor
    /// Lowered by the generator.
    public var generator: Tensor
    /// Watched when the discriminator is updated, by name, in order.
    public var tracking: [(name: String, value: Tensor)]
    /// Watched when the generator is updated, by name, in order.
    public var generatorTracking: [(name: String, value: Tensor)]

    /// Losses and what to watch with them; all are single numbers, as `mean(…)` gives.
    public init(
        discriminator: Tensor, generator: Tensor, tracking: KeyValuePairs<String, Tensor> = [:],
        generatorTracking: KeyValuePairs<String, Tensor> = [:]
    ) {
        self.discriminator = discriminator
        self.generator = generator
        self.tracking = tracking.map { (name: $0.key, value: $0.value) }
        self.generatorTracking = generatorTracking.map { (name: $0.key, value: $0.value) }
    }
}
