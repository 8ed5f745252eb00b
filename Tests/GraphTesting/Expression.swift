import Graph

/// A graph under construction in a test, with the values of its leaves.
public struct Expression {
    /// What is built so far.
    public var graph = Graph()
    /// The leaves' values.
    public var feeds: [String: TensorValue] = [:]
    /// Where the nodes claim to come from.
    public var origin = Origin("test")
    private var numbers: SeededNumbers

    /// An empty graph whose leaves get numbers of `seed`.
    public init(seed: UInt64 = 1) { numbers = SeededNumbers(seed: seed) }

    /// A parameter with random elements in `low ..< high`.
    public mutating func parameter(
        _ name: String, _ shape: Shape, _ low: Double = -1, _ high: Double = 1
    ) -> NodeID {
        parameter(name, numbers.tensor(shape, low, high))
    }

    /// A parameter with the value `value`.
    public mutating func parameter(_ name: String, _ value: TensorValue) -> NodeID {
        feeds[name] = value
        return op(.parameter(name: name, value.shape))
    }

    /// An input of whole numbers below `limit`.
    public mutating func indices(_ name: String, _ shape: Shape, below limit: Int) -> NodeID {
        feeds[name] = numbers.indices(shape, below: limit)
        return op(.input(name: name, TensorType(shape, .index)))
    }

    /// The node of `op`.
    @discardableResult
    public mutating func op(_ op: Op, _ inputs: NodeID...) -> NodeID { graph.append(op, inputs, origin: origin) }

    /// Makes `Σ r ⊙ sin(y + 0.3)` the loss, with fixed random weights `r`: it has derivatives of every order that are
    /// nowhere all zero.
    public mutating func setLoss(of y: NodeID) {
        let shape = graph[y].shape
        feeds["weights"] = numbers.tensor(shape, 0.5, 1.5)
        let weights = op(.input(name: "weights", TensorType(shape)))
        let shifted = graph.binary(.add, y, graph.full(0.3, shape, origin: origin), origin: origin)
        let product = graph.binary(.multiply, weights, op(.unary(.sine), shifted), origin: origin)
        graph.outputs = [Output("loss", graph.sum(product, over: Array(0..<shape.rank), origin: origin))]
    }
}
