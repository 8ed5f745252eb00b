import Differentiation
import Graph
import GraphTesting
import Testing

/// Gradients that are zero whatever the numbers are, and why.
@Suite struct ZeroReasonTests {
    private func origin(_ name: String, _ line: Int) -> Origin {
        Origin(name, at: SourceLocation(file: "Model.swift", line: line, column: 9))
    }

    /// The edges that cut the first gradient found to be zero.
    private func edges(_ findings: [ZeroFinding]) -> [CutEdge] {
        if case .cut(let edges)? = findings.first?.reason { edges } else { [] }
    }

    @Test("a stopped gradient is reported with both ends of the edge and their places")
    func stopped() throws {
        var graph = Graph()
        let w = graph.append(.parameter(name: "w", [2]), origin: origin("generator.dense1", 4))
        let image = graph.unary(.tanh, w, origin: origin("generator.tanh1", 5))
        let stopped = graph.append(.stopGradient, [image], origin: origin("detached", 9))
        graph.outputs = [Output("loss", graph.sum(stopped, over: [0], origin: origin("loss", 10)))]
        let (result, findings) = try graph.appendingGradients(of: "loss", wrt: ["w"])
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.variable == origin("generator.dense1", 4))
        let edges = edges(findings)
        #expect(edges.map(\.userOrigin) == [origin("detached", 9)])
        #expect(edges.map(\.inputOrigin) == [origin("generator.tanh1", 5)])
        #expect(edges.map(\.reason) == [.stopGradient])
        let zeros = try Interpreter(result).evaluate(["w": TensorValue([2], [1, 2])])["gradient:w"]
        #expect(zeros == TensorValue([2], [0, 0]))
    }

    @Test("a parameter that nothing depends on is unreachable, even if the graph does not have it")
    func unreachable() throws {
        var graph = Graph()
        let w = graph.append(.parameter(name: "w", [2]), origin: Origin("w"))
        graph.outputs = [Output("loss", graph.sum(w, over: [0], origin: Origin("loss")))]
        let (result, findings) = try graph.appendingGradients(of: "loss", wrt: [("w", [2]), ("absent", [3])])
        #expect(findings.map(\.reason) == [.unreachable])
        #expect(findings.map(\.variable.name) == ["absent"])
        #expect(result.outputs.map(\.name) == ["loss", "gradient:w", "gradient:absent"])
        let gradients = try Interpreter(result).evaluate(["w": TensorValue([2], [1, 2])])
        #expect(gradients["gradient:absent"] == TensorValue([3], [0, 0, 0]))
        #expect(gradients["gradient:w"] == TensorValue([2], [1, 1]))
    }

    @Test(
        "each way to lose a gradient has its reason",
        arguments: [
            ("floor", CutReason.piecewiseConstant("floor")), ("greater", .comparison("greater")),
            ("select", .condition), ("argmax", .position), ("zero", .zeroFactor),
        ])
    func reasons(name: String, reason: CutReason) throws {
        var expression = Expression()
        let w = expression.parameter("w", [3])
        let other = expression.parameter("other", [3])
        let y: NodeID
        switch name {
        case "floor": y = expression.op(.unary(.floor), w)
        case "greater": y = expression.op(.binary(.greater), w, other)
        case "select": y = expression.op(.select, w, other, other)
        case "argmax":
            let row = expression.op(.reshape([1, 3]), w)
            y = expression.op(.oneHot(classes: 3), expression.op(.argmax(axis: 1), row))
        default:
            y = expression.op(.binary(.multiply), w, expression.graph.full(0, [3], origin: expression.origin))
        }
        let axes = Array(0..<expression.graph[y].shape.rank)
        expression.graph.outputs = [Output("loss", expression.op(.reduceSum(axes: axes), y))]
        let (_, findings) = try expression.graph.appendingGradients(of: "loss", wrt: ["w"])
        let edges = edges(findings)
        #expect(edges.map(\.reason) == [reason])
    }

    @Test("a bias of a piecewise-linear critic gets nothing from the penalty, because its slope is piecewise constant")
    func biasOfPenalty() throws {
        var expression = Expression()
        let x = expression.parameter("x", [2, 3])
        let (w1, b) = (expression.parameter("w1", [3, 4]), expression.parameter("b", [4]))
        let w2 = expression.parameter("w2", [4, 1])
        let sum = expression.op(
            .binary(.add), expression.op(.matmul(transposeA: false, transposeB: false), x, w1),
            expression.op(.broadcast([2, 4], axes: [1]), b))
        let h = expression.op(.unary(.leakyReLU(slope: 0.2)), sum)
        let score = expression.op(.matmul(transposeA: false, transposeB: false), h, w2)
        let norm = expression.op(.composite(.norm(axes: [0, 1], epsilon: 0)), expression.op(.gradient, score, x))
        expression.graph.outputs = [Output("loss", norm)]
        let (_, findings) = try expression.graph.appendingGradients(of: "loss", wrt: ["w1", "b", "w2"])
        #expect(findings.map(\.variable.name) == ["test"])
        let edges = edges(findings)
        #expect(edges.map(\.reason) == [.piecewiseConstant("leakyStep(0.2)")])
    }

    @Test("the inner gradient of a nested one that is zero is found, and becomes the number 0")
    func innerZero() throws {
        var expression = Expression()
        let (x, w) = (expression.parameter("x", [2]), expression.parameter("w", [2]))
        let score = expression.op(.unary(.square), w)
        let slope = expression.op(.gradient, score, x)
        expression.graph.outputs = [Output("slope", slope)]
        let (graph, findings) = expression.graph.expandingGradients()
        #expect(findings.map(\.reason) == [.unreachable])
        #expect(graph.uniformValue(of: graph.output("slope")!) == 0)
    }

    @Test("a cut on one path does not hide another path")
    func otherPath() throws {
        var expression = Expression()
        let w = expression.parameter("w", [2])
        let y = expression.op(.binary(.multiply), w, expression.op(.stopGradient, w))
        expression.graph.outputs = [Output("loss", expression.op(.reduceSum(axes: [0]), y))]
        let (graph, findings) = try expression.graph.appendingGradients(of: "loss", wrt: ["w"])
        #expect(findings.isEmpty)
        #expect(try Interpreter(graph).evaluate(expression.feeds)["gradient:w"] == expression.feeds["w"])
    }
}
