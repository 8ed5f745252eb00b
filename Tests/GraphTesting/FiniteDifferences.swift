import Differentiation
import Graph

/// Two numbers that should be alike and are not.
public struct Difference: Error, CustomStringConvertible {
    /// Where, and both numbers.
    public let description: String
}

/// Symbolic gradients against central differences of the interpreted loss.
public enum FiniteDifferences {
    /// Compares the gradients of the scalar output `loss` with respect to `parameters`.
    ///
    /// - Parameters:
    ///   - graph: may hold composites and gradients.
    ///   - step: half the distance between the two points, in units of `max(1, |x|)`.
    ///   - relative: what the difference may be, in units of the largest element of the gradient (at least 1).
    /// - Throws: ``Difference`` for the first element that differs.
    public static func check(
        _ graph: Graph, wrt parameters: [String], feeds: [String: TensorValue], step: Double = 1e-5,
        relative: Double = 1e-6
    ) throws {
        let (differentiated, _) = try graph.appendingGradients(of: "loss", wrt: parameters)
        try differentiated.verify(allowing: [])
        let results = try Interpreter(differentiated).evaluate(feeds)
        var forward = graph.expandingGradients().graph
        forward.outputs = forward.outputs.filter { $0.name == "loss" }
        let interpreter = Interpreter(forward)
        for parameter in parameters {
            let symbolic = results["gradient:\(parameter)"]!.elements
            let scale = symbolic.map(abs).reduce(1, max)
            for i in symbolic.indices {
                var feeds = feeds
                let x = feeds[parameter]!.elements[i]
                let h = step * max(1, abs(x))
                feeds[parameter]!.elements[i] = x + h
                let above = try interpreter.evaluate(feeds)["loss"]!.scalar
                feeds[parameter]!.elements[i] = x - h
                let below = try interpreter.evaluate(feeds)["loss"]!.scalar
                let numeric = (above - below) / (2 * h)
                guard abs(numeric - symbolic[i]) <= relative * scale else {
                    throw Difference(
                        description: "d loss / d \(parameter)[\(i)]: \(symbolic[i]), by differences \(numeric)\n"
                            + "\(differentiated)")
                }
            }
        }
    }

    /// The graph whose loss is `Σ_p Σ w_p ⊙ ∂loss/∂p` over `parameters`, with weights as inputs `direction.<p>`: its
    /// gradient is a second derivative of the graph's loss.
    ///
    /// - Returns: the graph, and the weights added to `feeds`.
    public static func slope(
        _ graph: Graph, wrt parameters: [String], feeds: [String: TensorValue], seed: UInt64 = 1
    ) -> (Graph, [String: TensorValue]) {
        var numbers = SeededNumbers(seed: seed)
        var (graph, feeds) = (graph, feeds)
        let origin = Origin("slope")
        let loss = graph.output("loss")!
        var total = graph.constant(0, origin: origin)
        for parameter in parameters {
            let shape = feeds[parameter]!.shape
            let variable = graph.append(.parameter(name: parameter, shape), origin: origin)
            let slope = graph.append(.gradient, [loss, variable], origin: origin)
            let name = "direction.\(parameter)"
            feeds[name] = numbers.tensor(shape, 0.5, 1.5)
            let weights = graph.append(.input(name: name, TensorType(shape)), origin: origin)
            let product = graph.binary(.multiply, slope, weights, origin: origin)
            let sum = graph.sum(product, over: Array(0..<shape.rank), origin: origin)
            total = graph.binary(.add, total, sum, origin: origin)
        }
        graph.outputs = [Output("loss", total)]
        return (graph, feeds)
    }
}
