import Graph

/// Passes in order, run again and again until the graph stays as it is.
public struct Pipeline: Sendable {
    /// The passes of one round.
    public var passes: [Pass]
    /// How many rounds are run at most: a guard, since each pass makes a graph simpler by its own measure only.
    public var budget = 20

    /// The pipeline of `passes`.
    public init(_ passes: [Pass]) { self.passes = passes }

    /// Everything that is done to a graph after differentiation.
    public static let standard = Pipeline([
        constantFolding,
        structuralZeros,
        stabilityRewrites,
        algebraicSimplification,
        contractionSimplification,
        contractionSlicing,
        contractionMerging,
        scalarHoisting,
        reshapeSinking,
        batchJoining,
        sumJoining,
        commonSubexpressions,
        deadCode,
    ])

    /// The pipeline without the pass `name`.
    ///
    /// - Throws: ``PipelineError`` when it has no such pass.
    public func disabling(_ name: String) throws -> Pipeline {
        guard passes.contains(where: { $0.name == name }) else {
            throw PipelineError(
                message: "there is no pass \(name); help: the passes are \(passes.map(\.name).joined(separator: ", "))")
        }
        var pipeline = self
        pipeline.passes.removeAll { $0.name == name }
        return pipeline
    }

    /// What a run yields.
    public struct Result: Sendable {
        /// The optimised graph.
        public var graph: Graph
        /// What the passes have to say.
        public var remarks: [Remark]
        /// How many rounds were run, the last without effect unless the budget was spent.
        public var rounds: Int
    }

    /// Runs the passes on `graph`, with the verifier after each.
    ///
    /// - Parameter record: called after each pass that changed the graph, with the round (from 1), the pass and the graph.
    /// - Throws: `VerifierError` when `graph` holds a composite or a gradient, or when a pass breaks a rule.
    public func run(
        _ graph: Graph, record: (_ round: Int, _ pass: Pass, _ graph: Graph) -> Void = { _, _, _ in }
    ) throws -> Result {
        try graph.verify(allowing: [])
        var result = Result(graph: graph, remarks: [], rounds: 0)
        var remarks = Remarks()
        while result.rounds < budget {
            result.rounds += 1
            var isAtRest = true
            for pass in passes {
                let after = pass.run(result.graph, &remarks)
                guard !after.isSame(as: result.graph) else { continue }
                isAtRest = false
                try after.verify(allowing: [])
                result.graph = after
                record(result.rounds, pass, after)
            }
            if isAtRest { break }
        }
        result.remarks = remarks.all
        return result
    }
}

/// A pipeline that cannot be had.
public struct PipelineError: Error, Hashable, CustomStringConvertible, Sendable {
    /// One line, with a way out.
    public var message: String

    /// The message.
    public var description: String { message }
}

extension Graph {
    /// True if `other` has the same nodes in the same order and the same outputs.
    fileprivate func isSame(as other: Graph) -> Bool { nodes == other.nodes && outputs == other.outputs }
}
