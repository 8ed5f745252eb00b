import CGAN
import Graph
import Lowering

/// A layer whose values a plain function gives away, so that training can be watched.
public struct WatchedLayer: Codable, Hashable, Sendable {
    /// What can go wrong with it.
    public enum Kind: String, Codable, Sendable {
        /// Zero, and without gradient, below zero.
        case relu
        /// Flat near −1 and 1.
        case tanh
        /// Flat near 0 and 1.
        case sigmoid
        /// Nothing that its values show.
        case other
    }

    /// `generator.relu1`.
    public var layer: String
    /// Which plain function, and which of its results.
    public var function, result: Int
    /// The layer's kind.
    public var kind: Kind
    /// Units: the extent of the last axis.
    public var units: Int
}

extension WatchedLayer {
    /// The activations among the results of the sampler and the watched discriminator, in order.
    static func all(of lowered: LoweredProgram) -> [WatchedLayer] {
        [(lowered.sampler, lowered.program.sampler), (lowered.probe, lowered.program.probe)].flatMap {
            function, graph in
            guard let function, let graph else { return [WatchedLayer]() }
            return graph.outputs.enumerated().compactMap { result, output in
                var base = output.node
                while case .reshape = graph[base].op { base = graph[base].inputs[0] }
                let kind = kind(of: graph[base].op)
                let name = output.name.split(separator: ":", maxSplits: 1).last.map(String.init) ?? output.name
                let isNamed = output.name.hasPrefix("activation:")
                // The images are a last activation's, as a rule.
                guard isNamed || kind != .other else { return nil }
                return WatchedLayer(
                    layer: isNamed ? name : graph[base].origin.name, function: function, result: result, kind: kind,
                    units: graph[base].shape.dimensions.last ?? 1)
            }
        }
    }

    private static func kind(of op: Op) -> Kind {
        switch op {
        case .unary(.relu): .relu
        case .unary(.tanh): .tanh
        case .unary(.sigmoid): .sigmoid
        default: .other
        }
    }
}
