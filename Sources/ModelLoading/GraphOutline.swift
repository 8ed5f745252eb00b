import Graph

/// A graph as a file claims it to be. Its numbers are held to bounds before shape inference computes with them, so that
/// no extent overflows.
struct GraphOutline: Decodable {
    var nodes: [Node]

    /// What a claim that is out of bounds is reported as.
    struct OutOfBounds: Error, CustomStringConvertible { var description: String }

    private static let largestGraph = 200_000
    private static let largestExtent = 1 << 31
    private static let largestWindow = 1 << 16

    /// - Throws: ``OutOfBounds`` for the first claim that is too large or negative.
    func check() throws {
        guard nodes.count <= Self.largestGraph else {
            throw OutOfBounds(description: "\(nodes.count) nodes, more than \(Self.largestGraph)")
        }
        for (index, node) in nodes.enumerated() {
            guard node.type.shape.isPossible, node.op.attributes.allSatisfy(isBounded) else {
                throw OutOfBounds(description: "node \(index) has an extent out of range")
            }
        }
    }

    private func isBounded(_ attribute: Attribute) -> Bool {
        switch attribute {
        case .shape(let shape): shape.isPossible
        case .extent(let extent): (0...Self.largestExtent).contains(extent)
        case .axes(let axes): axes.count <= 8 && axes.allSatisfy { (0..<8).contains($0) }
        case .extents(let extents):
            extents.count <= 8 && extents.allSatisfy { (0...Self.largestExtent).contains($0) }
        case .window(let window):
            [
                window.kernelHeight, window.kernelWidth, window.strideHeight, window.strideWidth, window.padTop,
                window.padBottom, window.padLeft, window.padRight,
            ].allSatisfy { (0...Self.largestWindow).contains($0) }
        }
    }
}

/// A program's graphs as they claim to be, before any shape is computed with.
struct ProgramOutline: Decodable {
    struct Phase: Decodable { var graph: GraphOutline }
    var phases: [Phase]
    var sampler: GraphOutline
    var probe: GraphOutline?

    /// - Throws: ``GraphOutline/OutOfBounds`` for the first claim that is too large or negative.
    func check() throws {
        for graph in phases.map(\.graph) + [sampler] + (probe.map { [$0] } ?? []) { try graph.check() }
    }
}

/// A number or numbers in an operation that shapes are computed from.
enum Attribute {
    case shape(Shape)
    case extent(Int)
    case extents([Int])
    case axes([Int])
    case window(Window)
}

extension Op {
    /// All that the operation's shape rule computes with besides its operands.
    var attributes: [Attribute] {
        switch self {
        case .constant, .unary, .binary, .select, .matmul, .gatherRows, .gatherIndex, .stopGradient, .gradient: []
        case .parameter(_, let shape), .random(_, let shape), .reshape(let shape): [.shape(shape)]
        case .input(_, let type): [.shape(type.shape)]
        case .transpose(let axes), .reduceSum(let axes), .reduceMax(let axes): [.axes(axes)]
        case .broadcast(let shape, let axes): [.shape(shape), .axes(axes)]
        case .slice(let start, let size): [.extents(start), .extents(size)]
        case .pad(let before, let after): [.extents(before), .extents(after)]
        case .concatenate(let axis), .argmax(let axis): [.axes([axis])]
        case .convolution(let window), .convolutionWeightGradient(let window), .maxPoolIndex(let window),
            .averagePool(let window):
            [.window(window)]
        case .convolutionInputGradient(let window, let height, let width),
            .averagePoolGradient(let window, let height, let width):
            [.window(window), .extent(height), .extent(width)]
        case .scatterAddRows(let count), .oneHot(let count): [.extent(count)]
        case .scatterIndex(let height, let width): [.extent(height), .extent(width)]
        case .composite(let composite): [.axes(composite.axes)]
        }
    }
}

extension Composite {
    fileprivate var axes: [Int] {
        switch self {
        case .mean(let axes), .variance(let axes), .norm(let axes, _), .normalize(let axes, _): axes
        case .softmax(let axis), .logSoftmax(let axis): [axis]
        case .clip, .binaryCrossEntropy, .logitCrossEntropy: []
        }
    }
}
