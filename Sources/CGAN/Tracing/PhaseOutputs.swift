import Graph

extension Trace {
    /// Makes `value`, a single number, the result `name`; anything else is a recorded mistake.
    func addOutput(_ name: String, _ value: Tensor) {
        guard value.trace === self else {
            tables.record(
                ModelError(
                    .foreignTensor, "\"\(name)\" is a tensor of another phase",
                    help: "make every tensor inside objective(_:), from the batch that is passed to it"))
            return
        }
        guard let node = value.node else { return }
        guard value.type == TensorType(.scalar) else {
            tables.record(
                ModelError(
                    .lossNotScalar, "\"\(name)\" has shape \(value.type), not a single number", at: value.place,
                    notes: [note(on: value)], help: "write mean(…) around it"))
            return
        }
        guard isUsable(name: name), graph.output(name) == nil else {
            tables.record(
                ModelError(
                    .trackedName,
                    graph.output(name) == nil
                        ? "\"\(name)\" cannot name a watched value: letters, digits, dots and hyphens can"
                        : "two watched values are called \"\(name)\"", at: value.place,
                    help: "give each watched value a name of its own"))
            return
        }
        graph.outputs.append(Output(name, node))
    }

    /// Adds `state:<name>` for each statistic of `network` that was renewed where the present outputs depend on it:
    /// `momentum · kept + (1 − momentum) · batch`, once for each application, in order.
    func addRenewedStatistics(of network: String) {
        let reachable = graph.reachable()
        var current: [(name: String, node: NodeID)] = []
        for renewal in renewals where renewal.parameter.hasPrefix("\(network).") && reachesOutput(renewal, reachable) {
            guard let parameter = tables.parameters.first(where: { $0.name == renewal.parameter }) else { continue }
            let origin = Origin(renewal.parameter, at: parameter.location)
            let index = current.firstIndex { $0.name == renewal.parameter }
            let kept =
                index.map { current[$0].node }
                ?? graph.append(.parameter(name: parameter.name, parameter.shape), origin: origin)
            let renewed = graph.binary(
                .add, graph.scale(kept, by: renewal.momentum, origin: origin),
                graph.scale(renewal.batchValue, by: 1 - renewal.momentum, origin: origin), origin: origin)
            if let index { current[index].node = renewed } else { current.append((renewal.parameter, renewed)) }
        }
        graph.outputs += current.map { Output("state:\($0.name)", $0.node) }
    }

    /// True if the layer's operand, of which the batch value was taken, has a part in the outputs.
    private func reachesOutput(_ renewal: Renewal, _ reachable: [Bool]) -> Bool {
        graph[renewal.batchValue].inputs.allSatisfy { reachable[$0.index] }
    }
}

/// True for what may name a tensor, a file of a dump or a column of metrics.
func isUsable(name: String, length: Int = 64) -> Bool {
    !name.isEmpty && name.utf8.count <= length
        && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
}
