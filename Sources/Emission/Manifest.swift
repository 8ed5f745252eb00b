import CGAN
import Foundation
import Graph
import Lowering

/// What an emitted library says of itself, as JSON inside it. Read it as untrusted input.
public struct Manifest: Codable, Sendable {
    /// The version of this layout.
    public static let currentVersion = 1

    /// The version of the layout.
    public var version: Int
    /// The model's name.
    public var model: String
    /// `float` or `double`.
    public var precision: String
    /// Examples in a batch.
    public var batch: Int
    /// Height, width, channels.
    public var image: [Int]
    /// How many classes the labels name.
    public var classes: Int
    /// The latent's length.
    public var latent: Int
    /// Reals of the shared arena (scratch for each thread comes on top).
    public var arena: Int
    /// The kept tensors; `cganc_tensor` takes their place in this list.
    public var tensors: [Tensor]
    /// The phases of a step, in order.
    public var phases: [Phase]
    /// The plain functions; `cganc_call` takes their place in this list.
    public var functions: [Function]
    /// Where the results of activations can be read after a function.
    public var watched: [WatchedLayer]

    /// A tensor inside the library's arena.
    public struct Tensor: Codable, Hashable, Sendable {
        /// Dotted: `discriminator.conv1.weight`.
        public var name: String
        /// `parameter`, `statistic`, `gradient`, `first moment`, `second moment` or `average`.
        public var kind: Kind
        /// The network it belongs to.
        public var network: String
        /// Extents.
        public var shape: [Int]
        /// The meaning of the axes.
        public var layout: String
    }

    /// What a tensor is.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        case parameter, statistic, gradient
        case firstMoment = "first moment"
        case secondMoment = "second moment"
        case average
    }

    /// One phase of a step.
    public struct Phase: Codable, Hashable, Sendable {
        /// `discriminator` or `generator`.
        public var name: String
        /// The network it updates.
        public var network: String
        /// Runs in a step.
        public var runs: Int
        /// The loss and the tracked values, as a report lists them.
        public var values: [String]
        /// The random draws; `cganc_random` takes their place in this list.
        public var draws: [Draw]
        /// The rule of the update, for people.
        public var optimizer: Optimizer
    }

    /// A random draw of a phase.
    public struct Draw: Codable, Hashable, Sendable {
        /// The name it is dumped under.
        public var name: String
        /// Extents.
        public var shape: [Int]
        /// The law, for people.
        public var law: String
    }

    /// A plain function.
    public struct Function: Codable, Hashable, Sendable {
        /// Its name.
        public var name: String
        /// Operands and results in order.
        public var arguments, results: [Signature]
    }

    /// A tensor of the caller's.
    public struct Signature: Codable, Hashable, Sendable {
        /// The name in the graph.
        public var name: String
        /// Extents.
        public var shape: [Int]
        /// `real` or `index`.
        public var element: String
    }
}

extension Manifest {
    /// The manifest of a lowered program; `precision` is filled in when the C is compiled.
    init(_ lowered: LoweredProgram) {
        let program = lowered.program
        version = Self.currentVersion
        model = program.name
        precision = ""
        batch = program.batch
        image = [program.image.height, program.image.width, program.image.channels]
        classes = program.classes
        latent = program.latent
        arena = lowered.arenaCount
        tensors = TensorTable(lowered).tensors
        phases = lowered.phases.map { item in
            Phase(
                name: item.phase.name, network: item.phase.network, runs: item.phase.runs,
                values: item.function.values,
                draws: item.function.draws.map {
                    Draw(name: $0.draw.name, shape: $0.shape.dimensions, law: $0.draw.distribution.description)
                }, optimizer: item.phase.optimizer)
        }
        functions = lowered.functions.map { function in
            func signatures(_ list: [Lowering.Function.Signature]) -> [Signature] {
                list.map {
                    Signature(name: $0.name, shape: $0.type.shape.dimensions, element: $0.type.element.rawValue)
                }
            }
            return Function(
                name: function.name, arguments: signatures(function.arguments), results: signatures(function.results))
        }
        watched = WatchedLayer.all(of: lowered)
    }

    /// The JSON text as C string literals, a few tensors or one phase a line; the precision is a macro.
    func cLines() throws -> [String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        func json(_ value: some Encodable) throws -> String {
            String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        func list(
            _ key: String, _ items: [some Encodable], perLine: Int = 1, isLast: Bool = false
        ) throws -> [String] {
            var lines = ["\"\(key)\": ["]
            for first in stride(from: 0, to: items.count, by: perLine) {
                let texts = try items[first..<min(first + perLine, items.count)].map(json)
                lines.append("  " + texts.joined(separator: ", ") + (first + perLine < items.count ? "," : ""))
            }
            lines.append(isLast ? "]}" : "],")
            return lines
        }
        var lines = ["{\"version\": \(version), \"model\": \(try json(model)),"]
        lines.append(
            "\"batch\": \(batch), \"image\": \(try json(image)), \"classes\": \(classes), \"latent\": \(latent), "
                + "\"arena\": \(arena),")
        lines += try list("tensors", tensors, perLine: 4)
        lines += try list("phases", phases)
        lines += try list("functions", functions)
        lines += try list("watched", watched, perLine: 4, isLast: true)
        var literals = lines.map { CLiteral.string($0 + "\n") }
        literals.insert("\"\\\"precision\\\": \\\"\" CGANC_PRECISION \"\\\",\\n\"", at: 1)
        return literals
    }
}

/// The kept tensors in the order of the manifest, and how the shell's tables find them.
struct TensorTable {
    /// Tensors that follow each other: of one kind, as the shell tells kinds apart, and of consecutive parameters.
    struct Run {
        var kind: String
        var parameters: Range<Int>
    }

    private(set) var tensors: [Manifest.Tensor] = []
    private(set) var runs: [Run] = []

    init(_ lowered: LoweredProgram) {
        let layout = lowered.layout
        let places = Dictionary(
            uniqueKeysWithValues: lowered.program.parameters.enumerated().map { ($1.name, $0) })
        func add(_ parameter: Parameter, _ kind: Manifest.Kind, _ constant: String) {
            tensors.append(
                Manifest.Tensor(
                    name: parameter.name, kind: kind, network: parameter.network,
                    shape: parameter.shape.dimensions, layout: parameter.layout))
            let place = places[parameter.name]!
            if let last = runs.last, last.kind == constant, last.parameters.upperBound == place {
                runs[runs.count - 1].parameters = last.parameters.lowerBound..<place + 1
            } else {
                runs.append(Run(kind: constant, parameters: place..<place + 1))
            }
        }
        for network in layout.networks {
            let own = lowered.program.parameters.filter { $0.network == network.name }
            let optimizers = lowered.phases.map(\.phase).filter { $0.network == network.name }.map(\.optimizer)
            for parameter in own where parameter.isTrained {
                add(parameter, .parameter, "TENSOR_PARAMETER")
            }
            for parameter in own where !parameter.isTrained {
                add(parameter, .statistic, "TENSOR_PARAMETER")
            }
            for parameter in own where parameter.isTrained {
                add(parameter, .gradient, "TENSOR_GRADIENT")
            }
            for parameter in own where parameter.isTrained && optimizers.contains(where: \.keepsFirstMoment) {
                add(parameter, .firstMoment, "TENSOR_FIRST_MOMENT")
            }
            for parameter in own where parameter.isTrained && optimizers.contains(where: \.keepsSecondMoment) {
                add(parameter, .secondMoment, "TENSOR_SECOND_MOMENT")
            }
            if lowered.program.average?.network == network.name {
                for parameter in own {
                    add(parameter, .average, "TENSOR_AVERAGE")
                }
            }
        }
    }
}
