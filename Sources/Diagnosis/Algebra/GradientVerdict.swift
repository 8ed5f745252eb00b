import Differentiation
import Graph

/// What can be said of a parameter's gradient before any numbers are known.
enum GradientVerdict: Equatable {
    /// It is 0 for all inputs: no path carries it.
    case unreached(ZeroReason)
    /// It is 0 for all inputs, but for rounding: what the paths carry cancels.
    case cancels
    /// It can be 0 for some inputs, or in some places, by way of this node among others.
    case inputDependent(NodeID)
    /// It is 0 at isolated inputs at most.
    case alive

    /// True if it is 0 for all inputs.
    var isZero: Bool {
        switch self {
        case .unreached, .cancels: true
        case .inputDependent, .alive: false
        }
    }
}

extension [ZeroFinding] {
    /// Why the gradient of `parameter` in `graph` is zero; nil if it is not known to be.
    ///
    /// A gradient inside a loss may be taken with respect to the same parameter; what concerns the loss itself is last.
    func proof(of parameter: String, in graph: Graph) -> ZeroReason? {
        guard let gradient = graph.output("gradient:\(parameter)"), graph.uniformValue(of: gradient) == 0 else {
            return nil
        }
        return last { $0.variable.name == parameter }?.reason
    }
}

extension Graph {
    /// The verdicts on the gradients of output `loss` with respect to `parameters`, in their order.
    ///
    /// - Parameter findings: what differentiation found to be zero.
    /// - Precondition: the graph has the outputs `gradient:<parameter>`.
    func verdicts(on parameters: [String], findings: [ZeroFinding]) -> [GradientVerdict] {
        let (algebra, vanishing) = (Algebra(self), Vanishing(self))
        // Either way may see what the other does not: the gradient's own form, or that the loss lacks the parameter.
        let frozen = Algebra(self, freezing: true)
        return parameters.map { name in
            if let reason = findings.proof(of: name, in: self) { return .unreached(reason) }
            guard let gradient = output("gradient:\(name)") else { return .unreached(.unreachable) }
            if algebra[gradient].isZero { return .cancels }
            let leaf = ids.first { if case .parameter(name, _) = self[$0].op { true } else { false } }
            if let leaf, let loss = output("loss"), !frozen.depends(loss, on: [leaf]) { return .cancels }
            return vanishing[gradient].map { .inputDependent($0) } ?? .alive
        }
    }
}
