import Foundation
import Graph
import GraphTesting
import Testing

/// The graph itself: sharing, saving, rewriting.
@Suite struct GraphTests {
    @Test("equal nodes are one node, which keeps the origin of the first")
    func sharing() {
        var graph = Graph()
        let x = graph.append(.parameter(name: "x", [2]), origin: Origin("x"))
        let first = graph.unary(.tanh, x, origin: Origin("first"))
        let second = graph.unary(.tanh, x, origin: Origin("second"))
        #expect(first == second)
        #expect(graph[first].origin.name == "first")
        #expect(graph.unary(.sine, x, origin: Origin("third")) != first)
    }

    @Test(
        "values computed side by side are called by the layer they have in common",
        arguments: [
            (["critic.conv1.real", "critic.conv1.fake", "critic.conv1.mixed"], "critic.conv1"),
            (["critic.conv1", "critic.conv1.mixed"], "critic.conv1"),
            (["loss.sum", "loss"], "loss"),
            (["loss", "loss"], "loss"),
            // Of different layers, and of nothing in common, the first one.
            (["critic.conv1", "critic.conv2"], "critic.conv1"),
            (["critic.conv1.real", "critic.conv2.real"], "critic.conv1.real"),
            (["real", "fake"], "real"),
        ])
    func joinedOrigins(names: [String], joined: String) {
        let place = SourceLocation(file: "Model.swift", line: 3, column: 9)
        let origins = names.map { Origin($0, at: place, order: 1) }
        #expect(Origin(joining: origins) == Origin(joined, at: place, order: 1))
    }

    @Test("random graphs survive being saved and read")
    func coding() throws {
        for seed in 0..<50 {
            let (graph, _) = RandomGraph.make(seed: UInt64(seed))
            let read = try JSONDecoder().decode(Graph.self, from: try JSONEncoder().encode(graph))
            #expect(read.description == graph.description, "seed \(seed)")
            // Reading interns the nodes, so that what is built on is shared as before.
            var (first, second) = (graph, read)
            let id = first.ids.last!
            let copy = second.append(second[id].op, second[id].inputs, origin: Origin("again"))
            #expect(first.append(first[id].op, first[id].inputs, origin: Origin("again")) == copy)
        }
    }

    /// A saved graph with `replacement` for `text`.
    private func read(replacing text: String, by replacement: String) throws {
        var graph = Graph()
        let x = graph.append(.parameter(name: "x", [2, 3]), origin: Origin("x"))
        graph.outputs = [Output("y", graph.sum(x, over: [1], origin: Origin("sum")))]
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let json = String(decoding: try encoder.encode(graph), as: UTF8.self)
        try #require(json.contains(text), "\(json)")
        let altered = json.replacingOccurrences(of: text, with: replacement)
        _ = try JSONDecoder().decode(Graph.self, from: Data(altered.utf8))
    }

    @Test(
        "a saved graph that claims a shape that does not follow, uses a later node or names a missing output is refused",
        arguments: [
            (#""inputs":[0]"#, #""inputs":[1]"#), (#""inputs":[0]"#, #""inputs":[-1]"#),
            (#""axes":[1]"#, #""axes":[0]"#), (#""axes":[1]"#, #""axes":[7]"#),
            (#""name":"y","node":1"#, #""name":"y","node":2"#),
        ])
    func untrusted(text: String, replacement: String) {
        #expect(throws: DecodingError.self) { try read(replacing: text, by: replacement) }
    }

    @Test("users of a node are listed once each, in order")
    func users() {
        var graph = Graph()
        let x = graph.append(.parameter(name: "x", [2]), origin: Origin("x"))
        let square = graph.binary(.multiply, x, x, origin: Origin("square"))
        let sum = graph.binary(.add, x, square, origin: Origin("sum"))
        #expect(graph.users() == [[square, sum], [sum], []])
    }

    @Test("the verifier finds a composite and a gradient where there should be none")
    func stages() throws {
        var graph = Graph()
        let x = graph.append(.parameter(name: "x", [2]), origin: Origin("x"))
        let mean = graph.append(.composite(.mean(axes: [0])), [x], origin: Origin("mean"))
        try graph.verify()
        #expect(throws: VerifierError.self) { try graph.verify(allowing: [.gradients]) }
        graph.append(.gradient, [mean, x], origin: Origin("gradient"))
        try graph.verify()
        #expect(throws: VerifierError.self) { try graph.verify(allowing: [.composites]) }
    }
}
