import Differentiation
import Graph
import GraphTesting
import Testing

/// Gradients of order 1 and 2 of every operation, computed by emitted C in double precision, against central
/// differences of the loss that the same C computes.
@Suite("Gradients in emitted C")
struct OperationGradientTests {
    /// One loss to be differentiated, with its gradients as outputs.
    private struct Check {
        var name: String
        var graph: Graph
        var feeds: [String: TensorValue]
        var parameters: [String]
        var relative: Double
    }

    private static func checks(_ cases: [OperationCase]) throws -> [Check] {
        try cases.flatMap { operation in
            var expression = Expression(seed: 7)
            expression.setLoss(of: operation.build(&expression))
            let parameters = ["a", "b", "c"].filter { expression.feeds[$0] != nil }
            let (slope, slopeFeeds) = FiniteDifferences.slope(
                expression.graph, wrt: parameters, feeds: expression.feeds)
            return [
                Check(
                    name: "\(operation.name), order 1",
                    graph: try expression.graph.appendingGradients(of: "loss", wrt: parameters).graph,
                    feeds: expression.feeds, parameters: parameters, relative: 1e-6),
                Check(
                    name: "\(operation.name), order 2",
                    graph: try slope.appendingGradients(of: "loss", wrt: parameters).graph, feeds: slopeFeeds,
                    parameters: parameters, relative: 1e-5),
            ]
        }
    }

    @Test("gradients of order 1 and 2 agree with central differences in emitted C", arguments: 0..<4)
    func gradients(quarter: Int) async throws {
        let cases = OperationCase.all.enumerated().filter { $0.offset % 4 == quarter }.map(\.element)
        let checks = try Self.checks(cases)
        let emitted = try await EmittedFunctions(checks.map(\.graph))
        for (index, check) in checks.enumerated() {
            let results = try emitted.call(index, check.feeds)
            for parameter in check.parameters {
                let symbolic = results["gradient:\(parameter)"]!
                let scale = symbolic.map(abs).reduce(1, max)
                for element in symbolic.indices {
                    func loss(_ shift: Double) throws -> Double {
                        var feeds = check.feeds
                        feeds[parameter]!.elements[element] += shift
                        return try emitted.call(index, feeds)["loss"]![0]
                    }
                    let step = 1e-5 * max(1, abs(check.feeds[parameter]!.elements[element]))
                    let numeric = (try loss(step) - loss(-step)) / (2 * step)
                    #expect(
                        abs(numeric - symbolic[element]) <= check.relative * scale,
                        "\(check.name): d/d\(parameter)[\(element)] is \(symbolic[element]), by differences \(numeric)")
                }
            }
        }
    }
}
