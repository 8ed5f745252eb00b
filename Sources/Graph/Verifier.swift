/// A broken rule of the graph: always the compiler's own fault, so the text is for its developers.
public struct VerifierError: Error, CustomStringConvertible {
    /// What rule is broken, at which node.
    public var description: String
}

extension Graph {
    /// Checks what every pass must keep: inputs before users, types that follow from the operands, outputs that exist,
    /// and no two nodes alike.
    ///
    /// - Parameter allowing: which of the operations that earlier passes remove may still be there.
    /// - Throws: ``VerifierError`` for the first broken rule.
    /// - Complexity: linear in the number of nodes.
    public func verify(allowing: Set<Stage> = [.composites, .gradients]) throws {
        var seen: [Op: [[NodeID]]] = [:]
        for id in ids {
            let node = self[id]
            guard node.inputs.allSatisfy({ $0 < id }) else {
                throw VerifierError(description: "\(id) uses a node that does not stand before it")
            }
            let type: TensorType
            do { type = try inferType(of: node.op, node.inputs.map { self[$0].type }) } catch {
                throw VerifierError(description: "\(id): \(error.message)")
            }
            guard type == node.type else {
                throw VerifierError(description: "\(id) has type \(node.type), but \(type) follows from its inputs")
            }
            if case .composite = node.op, !allowing.contains(.composites) {
                throw VerifierError(description: "\(id): \(node.op.name) should have been decomposed")
            }
            if case .gradient = node.op, !allowing.contains(.gradients) {
                throw VerifierError(description: "\(id): a gradient should have been expanded")
            }
            guard !(seen[node.op, default: []].contains(node.inputs)) else {
                throw VerifierError(description: "\(id) repeats an earlier node")
            }
            seen[node.op, default: []].append(node.inputs)
        }
        for output in outputs where output.node.index >= nodes.count {
            throw VerifierError(description: "output \(output.name) names a node that does not exist")
        }
    }

    /// Kinds of operation that exist only above a certain level of the compiler.
    public enum Stage: Hashable, Sendable { case composites, gradients }
}
