import Compiler
import Datasets
import Lowering
import Native

/// Measures the methods of a model's contractions on this machine, inside whole training steps, and chooses.
///
/// The model is built once for each method, every contraction by that method if it can be; the kernels' own counters
/// tell what each took with the caches as a step leaves them. Then the whole step by the methods chosen is compared with
/// that by the portable ones.
public struct Tuner {
    /// What came of it.
    public struct Outcome: Sendable {
        /// The choices, under no conditions yet.
        public var tuning: Tuning
        /// What whole steps took; nil if every contraction is best served by the portable method.
        public var comparison: Comparison?
        /// Kernels with each contraction, in the tuning's order.
        public var kernels: [Int]
    }

    /// Whole training steps, as chosen and by the portable methods.
    public struct Comparison: Sendable {
        /// Milliseconds, medians of all rounds.
        public var tuned, portable: Double
        /// What share of the portable step the tuned one took: the median, and what three rounds of four did not exceed.
        public var share, upperShare: Double

        /// True if the tuned step is faster by more than noise.
        public var pays: Bool { upperShare < 1 }
    }

    private let compilation: Compilation
    private let precision: Precision
    private let threads: Int
    private let rounds: Int
    private let methods: [Method]
    private let dataset: any Dataset

    /// A tuner of `compilation`, whose contractions are computed by the portable methods.
    ///
    /// - Parameters:
    ///   - methods: those that this machine can build.
    ///   - rounds: how often each is measured.
    ///   - dataset: the real examples.
    public init(
        _ compilation: Compilation, precision: Precision, threads: Int, methods: [Method], rounds: Int,
        dataset: any Dataset
    ) {
        self.compilation = compilation.tuned(by: nil)
        self.precision = precision
        self.threads = threads
        self.methods = methods
        self.rounds = max(1, rounds)
        self.dataset = dataset
    }

    /// The methods that are compared for each contraction of a step.
    private var contenders: [(contraction: Contraction, methods: [Method])] {
        compilation.lowered.contractions.map { contraction in
            (contraction, Method.candidates(for: contraction).filter(methods.contains))
        }
    }

    /// For each place in the longest list of candidates a build in which every contraction has its candidate of that
    /// place, or its last one.
    private var builds: [Tuning] {
        let contenders = contenders
        return (0..<(contenders.map(\.methods.count).max() ?? 0)).map { place in
            Tuning(rows: contenders.map { Tuning.Row($0.contraction, $0.methods[min(place, $0.methods.count - 1)]) })
        }
    }

    /// Builds, measures and chooses.
    ///
    /// - Parameter report: told what is being done, for a person who waits.
    /// - Throws: `NativeError` if a build fails or a step leaves the finite numbers.
    public func run(report: (String) -> Void) async throws -> Outcome {
        let builds = builds
        report("building \(builds.count) variants of \(compilation.program.name)")
        var variants: [SteppedModel] = []
        // A product is compared without the update that may be done beside it.
        for tuning in builds {
            variants.append(
                try await stepped(compilation.tuned(by: tuning, leavingProducts: false), isProfiled: true))
        }
        report("measuring their kernels in \(rounds) rounds")
        var tuning = try choose(among: variants, builds)
        variants = []
        let counts = tuning.rows.map { row in
            compilation.lowered.phases.flatMap(\.function.kernels).count { $0.contraction == row.contraction }
        }
        let chosen = compilation.tuned(by: tuning)
        guard !chosen.lowered.departures.isEmpty else { return Outcome(tuning: tuning, kernels: counts) }
        report("comparing whole steps in \(rounds) rounds")
        let comparison = try compare(
            try await stepped(chosen, isProfiled: false), with: try await stepped(compilation, isProfiled: false))
        if !comparison.pays {
            for index in tuning.rows.indices {
                tuning.rows[index].method = .portable(for: tuning.rows[index].contraction)
            }
        }
        return Outcome(tuning: tuning, comparison: comparison, kernels: counts)
    }

    private func stepped(_ compilation: Compilation, isProfiled: Bool) async throws -> SteppedModel {
        let library = try await BuildCache().library(
            of: try compilation.emit(), precision: precision, isProfiled: isProfiled)
        return try SteppedModel(compilation, library: library, threads: threads, dataset: dataset)
    }

    /// Steps that one turn takes: for a sixth of a second, so that the clock's and the machine's hiccups are small.
    private func steps(ofTurn model: SteppedModel) throws -> Int {
        min(100, max(2, Int((0.16 / (try model.turn(steps: 1))).rounded(.up))))
    }

    private func choose(among variants: [SteppedModel], _ builds: [Tuning]) throws -> Tuning {
        var rounds: [Contraction: Rounds<Method>] = [:]
        let steps = try variants.map { try self.steps(ofTurn: $0) }.max() ?? 1
        for round in 0..<self.rounds {
            var seconds: [Contraction: [Method: [Double]]] = [:]
            for index in Self.order(variants.count, round: round) {
                _ = try variants[index].turn(steps: steps)
                let taken = variants[index].contractionSeconds()
                for row in builds[index].rows {
                    seconds[row.contraction, default: [:]][row.method, default: []].append(
                        (taken[row.contraction] ?? 0) / Double(steps))
                }
            }
            for (contraction, taken) in seconds {
                for (method, values) in taken {
                    rounds[contraction, default: Rounds()].add(
                        method, seconds: values.reduce(0, +) / Double(values.count))
                }
            }
        }
        return Tuning(
            rows: contenders.map { contraction, methods in
                let own = rounds[contraction] ?? Rounds()
                return Tuning.Row(
                    contraction, own.best(of: methods, standard: .portable(for: contraction)),
                    measurements: methods.compactMap { method in
                        own.median(of: method).map { Tuning.Measurement(method, milliseconds: $0 * 1e3) }
                    })
            })
    }

    private func compare(_ tuned: SteppedModel, with portable: SteppedModel) throws -> Comparison {
        let models = [portable, tuned]
        var rounds = Rounds<Int>()
        let steps = try models.map { try self.steps(ofTurn: $0) }.max() ?? 1
        for round in 0..<self.rounds {
            for index in Self.order(2, round: round) {
                rounds.add(index, seconds: try models[index].turn(steps: steps))
            }
        }
        let share = rounds.share(of: 1, to: 0)!
        return Comparison(
            tuned: rounds.median(of: 1)! * 1e3, portable: rounds.median(of: 0)! * 1e3, share: share.median,
            upperShare: share.upper)
    }

    /// The candidates of a round in turn, backwards in every other one, so that what drifts favours nobody.
    private static func order(_ count: Int, round: Int) -> [Int] {
        round.isMultiple(of: 2) ? Array(0..<count) : (0..<count).reversed()
    }
}
