import Differentiation
import Graph
import GraphTesting
import Testing

/// Gradients of order 1 and 2 of every operation against central differences.
@Suite struct OperationGradientTests {
    @Test("gradients of order 1 and 2 agree with central differences", arguments: OperationCase.all)
    func gradients(operation: OperationCase) throws {
        var expression = Expression(seed: 7)
        let y = operation.build(&expression)
        expression.setLoss(of: y)
        let (graph, feeds) = (expression.graph, expression.feeds)
        let parameters = ["a", "b", "c"].filter { feeds[$0] != nil }
        try FiniteDifferences.check(graph, wrt: parameters, feeds: feeds)
        let (slope, slopeFeeds) = FiniteDifferences.slope(graph, wrt: parameters, feeds: feeds)
        try FiniteDifferences.check(slope, wrt: parameters, feeds: slopeFeeds, relative: 1e-5)
    }
}
