import Differentiation
import Graph

/// Graphs drawn from a seed, with values for their leaves, that cover every operation.
public enum RandomGraph {
    /// The graph of `seed` and the values of its leaves, by name.
    ///
    /// Outputs are `y0`, `y1`, …, `loss` (a scalar), and for most seeds `first` (a gradient of the loss) and `second` (a
    /// gradient of a function of that). All are finite and moderate. Values keep away from the kinks and jumps of the
    /// functions applied to them, or lie exactly on one through operations that do not round: so rounding differently
    /// cannot change a result by more than rounding. The graph may hold composites and gradients.
    ///
    /// - Parameter size: how many operations are tried; about two in three fit and are kept.
    public static func make(seed: UInt64, size: Int = 24) -> (graph: Graph, feeds: [String: TensorValue]) {
        var generator = GraphGenerator(seed: seed)
        for _ in 0..<4 { generator.addLeaf() }
        for _ in 0..<size { generator.addOperation() }
        generator.addOutputs()
        return (generator.graph, generator.feeds)
    }
}

/// A node that later ones may use.
struct PoolEntry {
    var id: NodeID
    var value: TensorValue
    /// True if no rounding took part, so that ties and zeros are exact however the graph is rewritten.
    var isExact: Bool
}

/// A graph being drawn. The families of operations are extensions in files of their own.
struct GraphGenerator {
    var graph = Graph()
    var feeds: [String: TensorValue] = [:]
    var pool: [PoolEntry] = []
    var numbers: SeededNumbers
    private var leaves = 0

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    var origin: Origin { Origin("node\(graph.nodes.count)") }

    // MARK: Leaves

    /// A parameter, an input or a random draw of `shape`, or of some shape of up to four axes.
    @discardableResult
    mutating func addLeaf(_ shape: Shape? = nil) -> PoolEntry {
        let rank = numbers.int(0...4)
        let shape = shape ?? Shape((0..<rank).map { _ in numbers.chance(0.2) ? 1 : numbers.int(2...4) })
        let isCoarse = numbers.chance(0.5)
        var value = numbers.tensor(shape, -2, 2)
        if isCoarse { value.elements = value.elements.map { ($0 * 4).rounded() / 4 } }
        let name = "leaf\(leaves)"
        leaves += 1
        feeds[name] = value
        let op: Op =
            switch leaves == 1 ? 0 : numbers.int(0...3) {
            case 0, 1: .parameter(name: name, shape)
            case 2: .input(name: name, TensorType(shape))
            default: .random(Draw(name, .uniform(low: -2, high: 2)), shape)
            }
        let entry = PoolEntry(id: graph.append(op, origin: Origin(name)), value: value, isExact: true)
        pool.append(entry)
        return entry
    }

    /// An input of whole numbers below `limit`.
    mutating func addIndexLeaf(_ shape: Shape, below limit: Int) -> PoolEntry {
        let name = "index\(leaves)"
        leaves += 1
        let value = numbers.indices(shape, below: limit)
        feeds[name] = value
        let id = graph.append(.input(name: name, TensorType(shape, .index)), origin: Origin(name))
        return PoolEntry(id: id, value: value, isExact: true)
    }

    // MARK: Choosing

    /// A tensor of real numbers that satisfies `condition`, if there is one.
    mutating func pick(where condition: (PoolEntry) -> Bool = { _ in true }) -> PoolEntry? {
        let choices = pool.filter { graph[$0.id].type.element == .real && condition($0) }
        return choices.isEmpty ? nil : numbers.choose(choices)
    }

    /// A tensor with the same number of elements or fewer, made to have `shape`.
    mutating func fitted(_ entry: PoolEntry, to shape: Shape) -> PoolEntry? {
        let own = entry.value.shape
        if own == shape { return entry }
        if own.count == shape.count { return append(.reshape(shape), [entry]) }
        if let axes = (0..<shape.rank).combinations(own.rank).first(where: { axes in
            axes.enumerated().allSatisfy { own[$0] == shape[$1] || own[$0] == 1 }
        }) {
            return append(.broadcast(shape, axes: axes), [entry])
        }
        guard let sum = append(.composite(.mean(axes: Array(0..<own.rank))), [entry]) else { return nil }
        return append(.broadcast(shape, axes: []), [sum])
    }

    // MARK: Appending

    /// The node of `op`, put into the pool if its value is moderate and away from kinks; nil otherwise.
    @discardableResult
    mutating func append(_ op: Op, _ inputs: [PoolEntry]) -> PoolEntry? {
        guard isSmooth(op, inputs), let value = evaluate(op, inputs),
            value.elements.allSatisfy({ $0.isFinite && abs($0) <= 20 }),
            let id = try? graph.add(op, inputs.map(\.id), origin: origin)
        else { return nil }
        let entry = PoolEntry(id: id, value: value, isExact: keepsExactness(op) && inputs.allSatisfy(\.isExact))
        pool.append(entry)
        return entry
    }

    private func evaluate(_ op: Op, _ inputs: [PoolEntry]) -> TensorValue? {
        var small = Graph()
        var feeds: [String: TensorValue] = [:]
        var leaves: [NodeID] = []
        for (i, input) in inputs.enumerated() {
            feeds["\(i)"] = input.value
            leaves.append(small.append(.input(name: "\(i)", graph[input.id].type), origin: Origin("\(i)")))
        }
        guard let node = try? small.add(op, leaves, origin: Origin("y")) else { return nil }
        small.outputs = [Output("y", node)]
        return try? Interpreter(small.decomposed()).evaluate(feeds)["y"]
    }

    // MARK: Outputs

    mutating func addOutputs() {
        let real = pool.filter { graph[$0.id].type.element == .real }
        var total = graph.constant(0, origin: origin)
        for i in 0..<min(4, real.count) {
            let entry = i == 0 ? real[real.count - 1] : numbers.choose(real)
            graph.outputs.append(Output("y\(i)", entry.id))
            let shape = entry.value.shape
            let weighted = graph.scale(entry.id, by: 0.25 + 0.5 * Double(i), origin: origin)
            total = graph.binary(
                .add, total, graph.sum(weighted, over: Array(0..<shape.rank), origin: origin), origin: origin)
        }
        graph.outputs.append(Output("loss", total))
        guard numbers.chance(0.8), let leaf = parameter() else { return }
        let first = graph.append(.gradient, [total, leaf], origin: origin)
        addIfModerate("first", first)
        guard numbers.chance(0.6), graph.output("first") != nil else { return }
        let bent = graph.unary(.sine, first, origin: origin)
        let sum = graph.sum(bent, over: Array(0..<graph[bent].shape.rank), origin: origin)
        addIfModerate("second", graph.append(.gradient, [sum, leaf], origin: origin))
    }

    private mutating func parameter() -> NodeID? {
        let parameters = graph.ids.filter { if case .parameter = graph[$0].op { true } else { false } }
        return parameters.isEmpty ? nil : numbers.choose(parameters)
    }

    private mutating func addIfModerate(_ name: String, _ node: NodeID) {
        var candidate = graph
        candidate.outputs.append(Output(name, node))
        let results = try? Interpreter(candidate.expandingGradients().graph).evaluate(feeds)
        guard let value = results?[name], value.elements.allSatisfy({ $0.isFinite && abs($0) < 1e5 }) else { return }
        graph = candidate
    }
}

extension Range<Int> {
    /// All ascending choices of `count` of the numbers, in lexicographic order.
    fileprivate func combinations(_ count: Int) -> [[Int]] {
        if count == 0 { return [[]] }
        return flatMap { first in
            (first + 1..<Swift.max(first + 1, upperBound)).combinations(count - 1).map { [first] + $0 }
        }
    }
}
