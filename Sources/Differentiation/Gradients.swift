import Graph

extension Graph {
    /// The gradients of the sum of `result` with respect to `variables`, by reverse accumulation; appends the nodes they
    /// need and no others.
    ///
    /// Only nodes on a path from a variable to the result get a cotangent. Contributions to one cotangent are added in
    /// descending order of the users, so that the same graph always gives the same nodes. The nodes appended for a
    /// forward node have its origin, with an order of one more.
    ///
    /// - Precondition: the result depends on no composite and no gradient.
    /// - Complexity: linear in the number of nodes the result depends on, once more for each gradient that is zero.
    public mutating func gradients(of result: NodeID, wrt variables: [NodeID]) -> [GradientResult] {
        let leads = dependencies(of: result)
        let active = carriers(from: variables, leads)
        var contributions = [[NodeID]](repeating: [], count: result.index + 1)
        var cotangents = [NodeID?](repeating: nil, count: result.index + 1)

        var build = Builder(graph: self, origin: self[result].origin.differentiated)
        self = Graph()
        contributions[result.index] = [build.full(1, build.graph[result].shape)]
        for index in (0...result.index).reversed() where active[index] && !contributions[index].isEmpty {
            let id = NodeID(index)
            let node = build.graph[id]
            build.origin = node.origin.differentiated
            let cotangent = contributions[index].dropFirst().reduce(contributions[index][0]) { build.add($0, $1) }
            cotangents[index] = cotangent
            for (slot, input) in node.inputs.enumerated() where active[input.index] {
                guard case .product(let product) = build.graph.edgeRule(id, slot: slot) else { continue }
                contributions[input.index].append(product(&build, cotangent))
            }
        }
        self = build.graph

        return variables.map { variable in
            guard variable <= result, leads[variable.index] else { return .zero(.unreachable) }
            if let cotangent = cotangents[variable.index] { return .node(cotangent) }
            return .zero(.cut(cuts(from: variable, leads)))
        }
    }

    /// Which nodes `result` depends on, itself included, by index.
    private func dependencies(of result: NodeID) -> [Bool] {
        var leads = [Bool](repeating: false, count: result.index + 1)
        leads[result.index] = true
        for index in (0...result.index).reversed() where leads[index] {
            for input in nodes[index].inputs { leads[input.index] = true }
        }
        return leads
    }

    /// Which of the nodes that `leads` marks get a gradient from one of `variables` along some path, by index.
    private func carriers(from variables: [NodeID], _ leads: [Bool]) -> [Bool] {
        var active = [Bool](repeating: false, count: leads.count)
        for variable in variables where variable.index < leads.count { active[variable.index] = leads[variable.index] }
        for index in leads.indices where leads[index] && !active[index] {
            active[index] = nodes[index].inputs.enumerated().contains { slot, input in
                guard active[input.index] else { return false }
                if case .cut = edgeRule(NodeID(index), slot: slot) { return false }
                return true
            }
        }
        return active
    }

    /// The first edges on every path from `variable` through which no gradient passes.
    private func cuts(from variable: NodeID, _ leads: [Bool]) -> [CutEdge] {
        let active = carriers(from: [variable], leads)
        var edges: [CutEdge] = []
        for index in leads.indices where leads[index] {
            for (slot, input) in nodes[index].inputs.enumerated() where active[input.index] {
                guard case .cut(let reason) = edgeRule(NodeID(index), slot: slot) else { continue }
                edges.append(
                    CutEdge(
                        user: NodeID(index), input: input, userOrigin: nodes[index].origin,
                        inputOrigin: self[input].origin, reason: reason))
            }
        }
        return edges
    }
}

extension Origin {
    /// The origin of a node that computes a cotangent for a node of this one.
    var differentiated: Origin { Origin(name, at: location, order: order + 1) }
}
