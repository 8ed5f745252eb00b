import Graph

/// Adds up over one long batch what was added up over its parts and then added: weight and bias gradients of batches
/// that lie side by side.
///
///     %3 = concatenate(%0, %1, %2)              %3 = concatenate(%0, %1, %2)
///     %4 = reduceSum<axes [0]>(%0)         →    %4 = slice(%3)
///     %5 = reduceSum<axes [0]>(%1)              %5 = reduceSum<axes [0]>(%4)
///     %6 = add(%4, %5)
public let sumJoining = Pass("sum-joining") { graph, _ in
    var graph = graph
    // Each round joins two terms.
    for _ in 0..<graph.nodes.count {
        guard let pair = JoinableTerms(graph).first() else { break }
        graph = graph.joining(pair)
    }
    return graph
}

/// Two terms of a sum that are sums over batches, the second following the first.
private struct JoinablePair {
    /// The addition that the sum ends in.
    var sum: NodeID
    /// Its terms, in order.
    var terms: [NodeID]
    /// The two, as places in `terms`.
    var first, second: Int
    /// For each operand, what holds both batches.
    var columns: [Column]

    enum Column {
        /// Rows of a tensor that holds both.
        case rows(of: NodeID, from: Int, count: Int)
        /// The two, still to be joined.
        case parts(NodeID, NodeID)
    }
}

private struct JoinableTerms {
    let graph: Graph
    let users: [[NodeID]]
    let reachable: [Bool]
    let ancestry: Ancestry
    /// The concatenations along the leading axis that each node is an operand of.
    let concatenations: [[NodeID]]

    init(_ graph: Graph) {
        self.graph = graph
        users = graph.users()
        let reachable = graph.reachable()
        self.reachable = reachable
        ancestry = Ancestry(graph)
        concatenations = users.map { users in
            users.filter { reachable[$0.index] && graph[$0].op == .concatenate(axis: 0) }
        }
    }

    func first() -> JoinablePair? {
        for id in graph.ids where reachable[id.index] {
            guard case .binary(.add) = graph[id].op else { continue }
            let terms = terms(of: id, isRoot: true)
            for first in terms.indices {
                for second in terms.indices where second != first {
                    guard let columns = columns(terms[first], terms[second], of: id) else { continue }
                    return JoinablePair(sum: id, terms: terms, first: first, second: second, columns: columns)
                }
            }
        }
        return nil
    }

    /// The terms of the sum that `id` is, through additions that nothing else uses.
    private func terms(of id: NodeID, isRoot: Bool) -> [NodeID] {
        guard let (a, b) = graph.arguments(of: id, .add), isRoot || users[id.index].count == 1 else { return [id] }
        return terms(of: a, isRoot: false) + terms(of: b, isRoot: false)
    }

    private func columns(_ a: NodeID, _ b: NodeID, of sum: NodeID) -> [JoinablePair.Column]? {
        let node = graph[a]
        guard node.op == graph[b].op else { return nil }
        switch node.op {
        case .convolutionWeightGradient, .matmul(transposeA: true, transposeB: false): break
        case .reduceSum(let axes) where axes.first == 0: break
        default: return nil
        }
        var columns: [JoinablePair.Column] = []
        var held = 0
        for (x, y) in zip(node.inputs, graph[b].inputs) {
            if let rows = rows(x, y, before: sum) {
                columns.append(rows)
                held += 1
            } else if canJoin(x, y) {
                columns.append(.parts(x, y))
            } else {
                return nil
            }
        }
        return held > 0 ? columns : nil
    }

    /// True if both are arithmetic that can as well be done in one place.
    private func canJoin(_ x: NodeID, _ y: NodeID) -> Bool {
        [x, y].allSatisfy {
            graph[$0].op.isElementwise && graph[$0].shape.rank > 1 && concatenations[$0.index].isEmpty
        }
    }

    /// What holds the rows of `x` and, right behind them, those of `y`, and does not depend on `sum` itself.
    private func rows(_ x: NodeID, _ y: NodeID, before sum: NodeID) -> JoinablePair.Column? {
        if case .rows(let source, let start, let count) = graph.joined([x, y]) {
            return .rows(of: source, from: start, count: count)
        }
        for whole in concatenations[x.index] where !ancestry.depends(whole, on: sum) {
            var start = 0
            for (part, next) in zip(graph[whole].inputs, graph[whole].inputs.dropFirst()) {
                if part == x, next == y {
                    return .rows(of: whole, from: start, count: graph[x].shape[0] + graph[y].shape[0])
                }
                start += graph[part].shape[0]
            }
        }
        return nil
    }
}

extension Graph {
    /// The graph in which the two terms are one.
    fileprivate func joining(_ pair: JoinablePair) -> Graph {
        let reachable = reachable()
        var result = Graph()
        var replacement = [NodeID?](repeating: nil, count: nodes.count)
        func place(_ id: NodeID) -> NodeID {
            if let placed = replacement[id.index] { return placed }
            let node = self[id]
            let placed: NodeID
            if id == pair.sum {
                let (first, second) = (self[pair.terms[pair.first]], self[pair.terms[pair.second]])
                let origin = Origin(joining: [first.origin, second.origin])
                let columns = pair.columns.map { column in
                    switch column {
                    case .rows(let source, let start, let count):
                        let whole = place(source)
                        return result.rows(of: whole, from: start, count: count, origin: origin)
                    case .parts(let a, let b):
                        let parts = [place(a), place(b)]
                        return result.join(parts, origin: Origin(joining: [self[a].origin, self[b].origin]))
                    }
                }
                var terms = pair.terms.enumerated().map { place in
                    place.offset == pair.first || place.offset == pair.second ? nil : place.element
                }.map { $0.map(place) }
                terms[pair.first] = result.append(first.op, columns, origin: origin)
                let sum = terms.compactMap { $0 }
                placed = sum.dropFirst().reduce(sum[0]) { result.binary(.add, $0, $1, origin: node.origin) }
            } else {
                let inputs = node.inputs.map(place)
                placed = result.append(node.op, inputs, origin: node.origin)
            }
            replacement[id.index] = placed
            return placed
        }
        for id in ids where reachable[id.index] && !isOnlyTerm(id, of: pair) { _ = place(id) }
        result.outputs = outputs.map { Output($0.name, place($0.node)) }
        return result
    }

    /// True for the two terms and the additions on the way to them, which are not needed any more.
    private func isOnlyTerm(_ id: NodeID, of pair: JoinablePair) -> Bool {
        id == pair.terms[pair.first] || id == pair.terms[pair.second]
    }
}
