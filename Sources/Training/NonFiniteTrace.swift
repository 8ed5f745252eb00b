import CGAN
import Compiler
import Diagnosis
import Emission
import Foundation
import Graph
import Native
import Optimization

/// Finds the first operation of a failed phase whose result is not finite: the phase is compiled anew with every result
/// given away, in the model's own number type, and run on what the failed one was given.
struct NonFiniteTrace {
    let compilation: Compilation
    /// In the state before the failed phase.
    let model: NativeModel

    /// The verdict on what `error` tells.
    ///
    /// - Parameter batch: the examples of the step.
    /// - Throws: `NativeError` if the operations cannot be compiled or run.
    func verdict(on error: NonFinite, batch: ExampleBatch) async throws -> Verdict {
        let graph = compilation.optimised.phases[error.phase].graph.opened
        let library = try await BuildCache().library(
            of: try Compilation(.empty, pipeline: Pipeline([]), functions: [("phase", graph.givingAllAway)]).emit(),
            precision: model.precision)
        let every = try NativeModel(library: library, seed: 0, threads: 2)
        let results = try call(every, as: error, batch)
        guard let origin = graph.firstNonFinite(results) else {
            return Verdict(
                .nonFinite, since: error.step + 1, sentence: error.fact,
                evidence: ["run again one operation after the other, every value of the phase is finite"])
        }
        return verdict(on: origin, of: graph, results, error: error)
    }

    /// Every value of the run of a phase that failed, by its node's index.
    private func call(
        _ every: NativeModel, as failed: NonFinite, _ batch: ExampleBatch
    ) throws -> [Int: RealBuffer] {
        let (manifest, precision) = (model.manifest, model.precision)
        let phase = failed.phase
        let before = manifest.phases[..<phase].reduce(0) { $0 + $1.runs } + failed.run
        let rows = batch.rowNumbers(before * manifest.batch..<(before + 1) * manifest.batch)
        let signature = every.manifest.functions[0]
        let arguments = try signature.arguments.map { argument -> RealBuffer in
            switch argument.name {
            case "images":
                let images = RealBuffer(count: argument.shape.reduce(1, *), precision: precision)
                batch.gather(rows, pixels: manifest.image.reduce(1, *), into: images)
                return images
            case "labels": return RealBuffer(indices: rows.map { Double(batch.labels[$0]) })
            default:
                if let draw = manifest.phases[phase].draws.firstIndex(where: { $0.name == argument.name }) {
                    return RealBuffer(
                        try model.random(phase: phase, draw: draw, step: failed.step, run: failed.run),
                        precision: precision)
                }
                let tensor = manifest.tensors.firstIndex {
                    $0.name == argument.name && ($0.kind == .parameter || $0.kind == .statistic)
                }
                guard let tensor else { throw NativeError("the model has no \(argument.name)") }
                return RealBuffer(try model.values(ofTensor: tensor), precision: precision)
            }
        }
        let results = signature.results.map { RealBuffer(count: $0.shape.reduce(1, *), precision: precision) }
        try every.call(0, arguments, into: results)
        let indices = signature.results.map { Int($0.name.dropFirst("node ".count)) ?? -1 }
        return Dictionary(zip(indices, results), uniquingKeysWith: { first, _ in first })
    }

    private func verdict(
        on origin: NodeID, of graph: Graph, _ results: [Int: RealBuffer], error: NonFinite
    ) -> Verdict {
        let node = graph[origin]
        let values = results[origin.index]?.doubles ?? []
        let place = values.firstIndex { !$0.isFinite } ?? 0
        let name = node.origin.name + String(repeating: "'", count: node.origin.order)
        let gives = values[place].isNaN ? "not a number" : values[place] < 0 ? "-infinity" : "infinity"
        /// An operand's value beside the one that is not finite, where both have the same elements.
        func beside(_ input: NodeID) -> Double? {
            if let number = graph.uniformValue(of: input) { return number }
            return node.op.isElementwise ? graph.elements(of: input, among: results)?[place] : nil
        }
        let operands = node.inputs.map(beside)
        let call =
            operands.contains { $0 == nil }
            ? "\(node.op.name)" : "\(node.op.name)(\(operands.map { ($0 ?? 0).brief }.joined(separator: ", ")))"
        var evidence = ["\(values.count { !$0.isFinite }) of its \(values.count) values are not finite"]
        for input in node.inputs {
            guard let own = graph.elements(of: input, among: results), let least = own.min(), let most = own.max()
            else {
                continue
            }
            // Of a batch that goes through a network together with others, the part's own name.
            evidence.append("its operand \(graph[input].origin.name) lies in \(least.brief) ... \(most.brief)")
        }
        evidence.append(error.fact)
        return Verdict(
            .nonFinite, since: error.step + 1,
            sentence:
                "\(name) is the first value that is not finite in the \(error.phaseName) phase of step \(error.step + 1): "
                + "\(call) gives \(gives)",
            evidence: evidence, at: node.origin.location, help: node.op.remedy(operands))
    }
}

extension Program {
    /// A program of nothing, to compile functions with.
    fileprivate static let empty = Program(
        name: "trace", image: ImageShape(height: 1, width: 1, channels: 1), classes: 1, latent: 1, batch: 1,
        parameters: [], layers: [], phases: [], sampler: Graph(), steps: 0, seed: 0)
}

extension Graph {
    /// The graph with every parameter and draw an input.
    fileprivate var opened: Graph {
        rewritten { result, node, _ in
            var node = node
            switch node.op {
            case .parameter(let name, let shape): node.op = .input(name: name, TensorType(shape))
            case .random(let draw, let shape): node.op = .input(name: draw.name, TensorType(shape))
            default: break
            }
            return result.append(node)
        }
    }

    /// The graph with each value that is computed, not only moved, as an output `node 17`.
    fileprivate var givingAllAway: Graph {
        var graph = self
        let reachable = reachable()
        graph.outputs = ids.filter { reachable[$0.index] && self[$0].type.element == .real && self[$0].op.computes }
            .map { Output("node \($0.index)", $0) }
        return graph
    }

    /// The node that is to blame: of those that are not finite although all their operands are, the first one, forward
    /// values before gradients. An equal subexpression of a gradient may stand before the value it belongs to.
    fileprivate func firstNonFinite(_ results: [Int: RealBuffer]) -> NodeID? {
        var isFinite: [Bool] = []
        var origins: [NodeID] = []
        for id in ids {
            let areOperandsFinite = self[id].inputs.allSatisfy { isFinite[$0.index] }
            guard let values = results[id.index]?.values else {
                isFinite.append(areOperandsFinite)
                continue
            }
            let isOwn =
                switch values {
                case .floats(let values): values.allSatisfy(\.isFinite)
                case .doubles(let values): values.allSatisfy(\.isFinite)
                case .indices: true
                }
            isFinite.append(isOwn)
            if areOperandsFinite, !isOwn { origins.append(id) }
        }
        return origins.min { (self[$0].origin.order, $0.index) < (self[$1].origin.order, $1.index) }
    }

    /// The elements of a value, which `results` has itself or behind such operations; nil if it has neither.
    fileprivate func elements(of id: NodeID, among results: [Int: RealBuffer]) -> [Double]? {
        if let own = results[id.index] { return own.doubles }
        let node = self[id]
        switch node.op {
        case .reshape, .stopGradient: return elements(of: node.inputs[0], among: results)
        case .slice(let start, _):
            guard let whole = elements(of: node.inputs[0], among: results) else { return nil }
            return TensorValue(self[node.inputs[0]].shape, whole).slice(node.shape, from: start).elements
        default: return nil
        }
    }
}

extension Op {
    /// True of an operation whose result can have values that its operands do not have.
    fileprivate var computes: Bool {
        switch self {
        case .unary, .binary, .reduceSum, .matmul, .convolution, .convolutionInputGradient, .convolutionWeightGradient,
            .scatterAddRows, .scatterIndex, .averagePool, .averagePoolGradient:
            true
        default: false
        }
    }

    /// What to write instead of an operation that gave a value that is not finite.
    fileprivate func remedy(_ operands: [Double?]) -> String? {
        switch self {
        case .unary(.exponential):
            "exp overflows above 88 in single precision: use softplus, sigmoid or crossEntropy(logits:targets:), or clip the "
                + "operand"
        case .unary(.logarithm):
            "keep the operand above 0, as log(x + 1e-7) does, or compute the loss from logits: "
                + "crossEntropy(logits:targets:)"
        case .unary(.squareRoot): "keep the operand at 0 or above: sqrt(relu(x))"
        case .unary(.reciprocal), .binary(.divide): "keep the divisor away from 0: x / (y + 1e-7)"
        case .unary(.power): "keep the operand above 0, and powers small"
        default:
            "its operands have grown until the result overflows: lower the rates, or hold the networks with a penalty"
        }
    }
}
