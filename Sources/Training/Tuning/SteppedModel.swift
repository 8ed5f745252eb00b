import Compiler
import Datasets
import Lowering
import Native

/// A built model that is stepped in turn with others, for comparison: every turn begins anew from the same parameters
/// and does the same steps.
final class SteppedModel {
    private let compilation: Compilation
    private let model: NativeModel
    private let examples: ExampleSource

    /// The model in `library`, which was built from `compilation`.
    init(_ compilation: Compilation, library: String, threads: Int, dataset: any Dataset) throws {
        self.compilation = compilation
        model = try NativeModel(library: library, seed: compilation.program.seed, threads: threads)
        examples = try ExampleSource(dataset, model: model)
    }

    /// Does a step that does not count and `steps` that do, and returns the mean of those in seconds.
    func turn(steps: Int) throws -> Double {
        try model.initialise()
        _ = try model.step(0, batch: try examples.batch(step: 0))
        _ = counters()
        let begin = ContinuousClock.now
        for step in 1...steps { _ = try model.step(step, batch: try examples.batch(step: step)) }
        return (ContinuousClock.now - begin).seconds / Double(steps)
    }

    /// Seconds that the kernels of each contraction took in all steps of the last turn that count; empty unless the
    /// library counts. Asked for by the thread that did the turn.
    func contractionSeconds() -> [Contraction: Double] {
        var seconds: [Contraction: Double] = [:]
        for (phase, counters) in zip(compilation.lowered.phases, counters()) {
            for (kernel, counter) in zip(phase.function.kernels, counters.kernels) {
                if let contraction = kernel.contraction { seconds[contraction, default: 0] += counter.seconds }
            }
        }
        return seconds
    }

    private func counters() -> [PhaseCounters] {
        compilation.lowered.phases.enumerated().compactMap { index, phase in
            model.takeCounters(phase: index, kernels: phase.function.kernels.count)
        }
    }
}
