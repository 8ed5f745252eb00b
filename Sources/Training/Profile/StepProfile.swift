import CGAN
import Compiler
import Graph
import Lowering
import Native

/// Where the time of a training step went, kernel by kernel.
public struct StepProfile: Sendable {
    /// One kernel, or what follows the kernels of a phase.
    public struct Row: Sendable {
        /// The phase's name.
        public var phase: String
        /// The kernel's number in its phase, as `--show kernels` counts; nil for what follows the kernels.
        public var number: Int?
        /// The kernel's name, or what is done.
        public var name: String
        /// The layer whose work it is, with its network: `discriminator.conv1`; or `loss`, `labels`, `update`, ….
        public var layer: String
        /// 0 for the layer's own result, 1 for a gradient, 2 for the gradient of a gradient.
        public var order: Int
        /// The work of one step.
        public var cost: KernelCost
        /// Seconds of one step.
        public var seconds: Double
    }

    /// The model, as a heading names it.
    public let title: String
    /// Every phase's rows in the order in which they run, phase after phase.
    public let rows: [Row]
    /// Steps that were counted.
    public let steps: Int
    /// Seconds of a whole step, with the examples and the line of metrics.
    public let stepSeconds: Double
    /// What the machine reached just before.
    public let roofline: Roofline

    /// The profile of `steps` steps.
    ///
    /// - Parameters:
    ///   - counters: one for each phase.
    ///   - stepSeconds: the mean of the whole step.
    ///   - roofline: what the kernels' rates are compared with.
    public init(
        _ compilation: Compilation, title: String, counters: [PhaseCounters], steps: Int, stepSeconds: Double,
        roofline: Roofline, realBytes: Int
    ) {
        self.title = title
        self.steps = steps
        self.stepSeconds = stepSeconds
        self.roofline = roofline
        let lowered = compilation.lowered
        let layers = Set(compilation.program.layers.map(\.name))
        var rows: [Row] = []
        for ((phase, cost), counters) in zip(zip(lowered.phases, lowered.costs(realBytes: realBytes)), counters) {
            func add(
                _ number: Int?, _ name: String, _ layer: String, _ order: Int, _ cost: KernelCost,
                _ counter: KernelCounter
            ) {
                rows.append(
                    Row(
                        phase: phase.phase.name, number: number, name: name, layer: layer, order: order,
                        cost: cost * phase.phase.runs, seconds: counter.seconds / Double(steps)))
            }
            for (number, kernel) in phase.function.kernels.enumerated() {
                let origin = kernel.origins.first ?? Origin("")
                add(
                    number, kernel.name, Self.layer(of: origin, among: layers), origin.order, cost.kernels[number],
                    counters.kernels[number])
            }
            add(nil, "norms of the gradients", "update", 0, cost.gradientNorms, counters.gradientNorms)
            add(nil, "update", "update", 0, cost.update, counters.update)
        }
        self.rows = rows
    }

    /// The longest of `layers` that the origin's name continues: `discriminator.conv1` of `discriminator.conv1.real`;
    /// outside of layers the name's first word.
    static func layer(of origin: Origin, among layers: Set<String>) -> String {
        var words = origin.name.split(separator: ".")
        while words.count > 1 {
            let name = words.joined(separator: ".")
            if layers.contains(name) { return name }
            words.removeLast()
        }
        return words.first.map(String.init) ?? "unnamed"
    }

    /// Seconds of a step in all rows.
    public var countedSeconds: Double { rows.reduce(0) { $0 + $1.seconds } }

    /// The phases in order.
    public var phases: [String] { rows.reduce(into: []) { if $0.last != $1.phase { $0.append($1.phase) } } }

    /// The share of its own bound that a row reached; more than 1 where less arithmetic was done than the direct method
    /// needs, or operands lay in a cache.
    public func efficiency(of row: Row) -> Double {
        row.seconds > 0 ? roofline.seconds(of: row.cost) / row.seconds : 0
    }
}
