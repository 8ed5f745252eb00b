import Graph

/// A model as the compiler receives it: traced graphs, parameters and how to train them. It is what a model file
/// yields when it is evaluated, and can be saved as JSON.
public struct Program: Codable, Sendable {
    /// The version that this compiler writes and reads.
    public static let currentVersion = 1

    /// The version of this value's layout.
    public var version = Program.currentVersion
    /// The model's name, lower-case with hyphens: `dcgan-wgan-gp`.
    public var name: String
    /// The file the model was read from, as the compiler was given it.
    public var file: String?
    /// The images' extents.
    public var image: ImageShape
    /// How many classes the labels name.
    public var classes: Int
    /// The latent's length.
    public var latent: Int
    /// Examples in a batch; the graphs' first extent.
    public var batch: Int
    /// Every tensor the model keeps, network by network; within a network first the trained ones, then the statistics.
    public var parameters: [Parameter]
    /// The networks' layers in order of application, for summaries.
    public var layers: [LayerRecord]
    /// What one training step does, in order.
    public var phases: [Phase]
    /// From `latent` and `labels` to output `images`, as after training (kept statistics, no dropout), then
    /// `activation:<layer>` for each layer that is one.
    public var sampler: Graph
    /// The discriminator as it is watched: from `images` and `labels` to output `logits`, `[B, 1]`, as in training but
    /// with nothing drawn, then `activation:<layer>` for each layer that is one.
    public var probe: Graph?
    /// Steps of a full training run.
    public var steps: Int
    /// The default seed.
    public var seed: UInt64
    /// The moving average kept of one network, if any.
    public var average: MovingAverage?
    /// Steps between two looks at every parameter and layer, 0 for none; nil leaves the choice to whoever trains.
    public var telemetryInterval: Int?

    /// A program of all its parts.
    public init(
        name: String, file: String? = nil, image: ImageShape, classes: Int, latent: Int, batch: Int,
        parameters: [Parameter], layers: [LayerRecord], phases: [Phase], sampler: Graph, probe: Graph? = nil,
        steps: Int, seed: UInt64, average: MovingAverage? = nil, telemetryInterval: Int? = nil
    ) {
        self.name = name
        self.file = file
        self.image = image
        self.classes = classes
        self.latent = latent
        self.batch = batch
        self.parameters = parameters
        self.layers = layers
        self.phases = phases
        self.sampler = sampler
        self.probe = probe
        self.steps = steps
        self.seed = seed
        self.average = average
        self.telemetryInterval = telemetryInterval
    }
}

/// The extents of one image.
public struct ImageShape: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Pixels and channels.
    public var height, width, channels: Int

    /// Images of `height × width` pixels with `channels` values each.
    public init(height: Int, width: Int, channels: Int) {
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// As `28x28x1`.
    public var description: String { "\(height)x\(width)x\(channels)" }
}

/// A tensor the model keeps from step to step.
public struct Parameter: Hashable, Codable, Sendable {
    /// Dotted and stable: `discriminator.conv1.weight`.
    public var name: String
    /// The network it belongs to: `generator` or `discriminator`.
    public var network: String
    /// Its extents.
    public var shape: Shape
    /// The meaning of the axes, for strangers: `in,out`, `HWIO`, `HWOI`, `channel`.
    public var layout: String
    /// How it begins.
    public var initializer: Initializer
    /// False for statistics that a phase computes rather than trains.
    public var isTrained: Bool
    /// The layer's place in the user's file.
    public var location: SourceLocation?

    /// A parameter of all its parts.
    public init(
        name: String, network: String, shape: Shape, layout: String, initializer: Initializer, isTrained: Bool,
        location: SourceLocation? = nil
    ) {
        self.name = name
        self.network = network
        self.shape = shape
        self.layout = layout
        self.initializer = initializer
        self.isTrained = isTrained
        self.location = location
    }
}

/// How a parameter begins.
public enum Initializer: Hashable, Codable, Sendable {
    /// Every element is the number.
    case constant(Double)
    /// Gaussian around 0.
    case normal(deviation: Double)
    /// Uniform over `−limit ..< limit`.
    case uniform(limit: Double)
}

/// One layer as applied, for summaries and comments.
public struct LayerRecord: Hashable, Codable, Sendable {
    /// `generator.dense1`.
    public var name: String
    /// What the user wrote: `Dense(6272)`.
    public var kind: String
    /// The result's extents, batch first.
    public var output: Shape
    /// The layer's place in the user's file.
    public var location: SourceLocation?

    /// A record of all its parts.
    public init(name: String, kind: String, output: Shape, location: SourceLocation?) {
        self.name = name
        self.kind = kind
        self.output = output
        self.location = location
    }
}

/// One part of a training step: a loss, and the network that is updated to lower it.
public struct Phase: Codable, Sendable {
    /// `discriminator` or `generator`.
    public var name: String
    /// The network whose trained parameters are updated.
    public var network: String
    /// Inputs `images` and `labels`, random draws, parameters; outputs `loss` (a scalar) first, then tracked scalars,
    /// then `state:<parameter>` for each statistic that the phase renews.
    public var graph: Graph
    /// The rule of the update.
    public var optimizer: Optimizer
    /// How often the phase runs within a step, each time with new examples and random numbers.
    public var runs: Int

    /// A phase of all its parts.
    public init(name: String, network: String, graph: Graph, optimizer: Optimizer, runs: Int) {
        self.name = name
        self.network = network
        self.graph = graph
        self.optimizer = optimizer
        self.runs = runs
    }
}

/// A rule that turns gradients into updates.
public enum Optimizer: Hashable, Codable, Sendable {
    /// `v = momentum·v + g; p −= rate·v` (with Nesterov's look-ahead: `p −= rate·(g + momentum·v)`).
    case sgd(rate: Double, momentum: Double, nesterov: Bool)
    /// `s = decay·s + (1−decay)·g²; p −= rate·g / (√s + ε)`.
    case rmsProp(rate: Double, decay: Double, epsilon: Double)
    /// Kingma & Ba 2015: `p −= rate·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε)`.
    case adam(rate: Double, beta1: Double, beta2: Double, epsilon: Double)
}

/// An exponential moving average `a = d·a + (1−d)·p` of a network, statistics included. At update `t`, from 1,
/// `d = min(decay, (1 + t) / (10 + t))`: the average forgets the initial values early on.
public struct MovingAverage: Hashable, Codable, Sendable {
    /// The network averaged.
    public var network: String
    /// The weight of the past.
    public var decay: Double

    /// The average of `network` with `decay`.
    public init(network: String, decay: Double) {
        self.network = network
        self.decay = decay
    }
}
