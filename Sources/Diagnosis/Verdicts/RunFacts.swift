import CGAN

/// What verdicts need to know of the model that a run trains.
public struct RunFacts: Codable, Hashable, Sendable {
    /// How each network's loss depends on the discriminator's scores.
    public var loss: LossShape
    /// The names of the weights that each network trains, from its input to its output.
    public var weights: [String: [String]]
    /// The numbers that each network trains.
    public var sizes: [String: Int]
    /// The layers whose values are the images, or the discriminator's probability: they are flat where the network is sure.
    public var ends: [String]
    /// How many classes the labels name.
    public var classes: Int
    /// Real examples in a batch.
    public var batch: Int
    /// Real examples that a step takes.
    public var examplesPerStep: Int
    /// How many examples the data set has; nil if it is endless or not known.
    public var examples: Int?

    /// The facts on `program`, as it was traced.
    public init(_ program: Program, examples: Int? = nil) {
        loss = LossShape(program)
        weights = [:]
        sizes = [:]
        for parameter in program.parameters where parameter.isTrained {
            sizes[parameter.network, default: 0] += parameter.shape.count
            if parameter.shape.dimensions.count > 1 { weights[parameter.network, default: []].append(parameter.name) }
        }
        ends = ["generator", "discriminator"].compactMap { network in
            program.layers.last { $0.name.hasPrefix("\(network).") && ["Tanh()", "Sigmoid()"].contains($0.kind) }?.name
        }
        classes = program.classes
        batch = program.batch
        examplesPerStep = program.batch * program.phases.reduce(0) { $0 + $1.runs }
        self.examples = examples
    }
}
