import CGAN
import Compiler
import Emission
import Graph
import Lowering
import Native
import Optimization

/// Plain graphs compiled to one library and called from tests, in double precision.
struct EmittedFunctions {
    let model: NativeModel

    /// Compiles `graphs`, whose parameters and random draws become arguments of the calls.
    ///
    /// - Parameter method: what computes every contraction that it can; the portable methods if nil.
    init(
        _ graphs: [Graph], pipeline: Pipeline = .standard, threads: Int = 2, method: Method? = nil
    ) async throws {
        let emitted = try Self.compilation(graphs, pipeline: pipeline, method: method).emit()
        let library = try await BuildGate.shared.pass {
            try await BuildCache().library(of: emitted, precision: .double)
        }
        model = try NativeModel(library: library, seed: 1, threads: threads)
    }

    /// `graphs` as the functions of an otherwise empty program.
    static func compilation(
        _ graphs: [Graph], pipeline: Pipeline = .standard, method: Method? = nil
    ) throws -> Compilation {
        let functions = graphs.enumerated().map { (name: "f\($0.offset)", graph: opened($0.element)) }
        let compilation = try Compilation(emptyProgram, pipeline: pipeline, functions: functions)
        guard let method else { return compilation }
        let contractions = Set(compilation.lowered.allFunctions.flatMap(\.kernels).compactMap(\.contraction))
        let rows = contractions.map { contraction in
            let candidates = Method.candidates(for: contraction)
            // Plain methods come first.
            return Tuning.Row(contraction, candidates.contains(method) ? method : candidates[0])
        }
        return compilation.tuned(by: Tuning(rows: rows))
    }

    /// The outputs of graph `index`, by name.
    func call(_ index: Int, _ feeds: [String: TensorValue]) throws -> [String: [Double]] {
        let signature = model.manifest.functions[index]
        let arguments = signature.arguments.map { feeds[$0.name]!.elements }
        let results = try model.call(index, arguments)
        return Dictionary(uniqueKeysWithValues: zip(signature.results.map(\.name), results))
    }

    /// The graph with every parameter and draw an input, so that the caller decides its values.
    private static func opened(_ graph: Graph) -> Graph {
        graph.rewritten { result, node, _ in
            var node = node
            switch node.op {
            case .parameter(let name, let shape): node.op = .input(name: name, TensorType(shape))
            case .random(let draw, let shape): node.op = .input(name: draw.name, TensorType(shape))
            default: break
            }
            return result.append(node)
        }
    }

    private static let emptyProgram = Program(
        name: "functions", image: ImageShape(height: 1, width: 1, channels: 1), classes: 1, latent: 1, batch: 1,
        parameters: [], layers: [], phases: [], sampler: Graph(), steps: 0, seed: 0)
}
