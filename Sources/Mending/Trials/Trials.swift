import CGAN
import Compiler
public import Datasets
import Diagnosis
import ModelLoading
import Native
import Training

/// Mends tried on a run: each is made in the model's file, built, and trained for a while from before the trouble began,
/// beside the file as it is.
public struct Trials: Sendable {
    /// What is to be mended.
    public let run: RunToMend
    /// The step at which forks begin; 0 for the beginning.
    public let forkStep: Int
    /// Steps of a fork.
    public let steps: Int
    /// The model as it is.
    public let control: Candidate
    private let dataset: any Dataset
    private let threads: Int
    private let builder: CandidateBuilder
    private let real: RealSamples

    /// A mend and what came of it.
    public struct Row: Sendable {
        /// The changed file.
        public var candidate: Candidate
        /// The step at which its fork began.
        public var begin: Int
        /// How its fork ended.
        public var recovery: Recovery
        /// Tensors that could not be taken over from the checkpoint; empty where the fork begins at step 0.
        public var fresh: [String]
    }

    /// Trials of the mends of `run`, none of them begun.
    ///
    /// - Parameters:
    ///   - dataset: the run's data.
    ///   - forkStep: the step at which forks begin, instead of the last checkpoint before the trouble.
    ///   - steps: of a fork, instead of the usual number.
    /// - Throws: `TrainingError` if the source or the data are not the run's, or there is no checkpoint of `forkStep`.
    public init(
        _ run: RunToMend, on dataset: any Dataset, threads: Int, from forkStep: Int? = nil, steps: Int? = nil
    ) async throws {
        self.run = run
        self.dataset = dataset
        self.threads = threads
        self.forkStep = forkStep ?? run.forkStep
        self.steps = steps ?? run.usualSteps(from: self.forkStep)
        _ = try run.checkpoint(at: self.forkStep)
        var builder = CandidateBuilder(
            fileName: run.fileName, batch: nil, precision: run.identity.precision, tuning: try run.folder.tuning(),
            // What is wrong with the file already is no reason to refuse a change of it.
            knownErrors: DiagnosisCode.allCases)
        if try await builder.program(of: run.source).batch != run.identity.batch { builder.batch = run.identity.batch }
        let (control, compilation) = try await builder.compiled(nil, text: run.source)
        self.control = control
        builder.knownErrors = try Diagnosis(control.program).errors.map(\.code)
        self.builder = builder
        let model = try NativeModel(library: control.library, seed: run.identity.seed, threads: threads)
        let identity = RunIdentity(
            compilation, manifest: model.manifest, seed: run.identity.seed, precision: run.identity.precision,
            dataset: dataset, data: run.identity.data)
        let differences = identity.differences(from: run.identity)
        guard differences.isEmpty else {
            throw TrainingError(
                "\(run.folder.path) cannot be forked: its checkpoints are of another run",
                notes: differences.map { "it has \($0)" },
                help: "name the run's data with --data; \(run.folder.modelPath) has to be as it was when it began")
        }
        real = RealSamples(dataset)
    }

    /// The size of a batch, if the run's is not the file's.
    public var batch: Int? { builder.batch }

    /// The step at which forks end.
    public var lastStep: Int { forkStep + steps }

    /// The step at which runs end that confirm a mend: twice as far as forks go, or as far as the run was to go.
    public var confirmedStep: Int { max(lastStep, min(run.plannedSteps, 2 * lastStep)) }

    /// The mends that are recommended, or those of `names`, as far as they change something, with the files they make;
    /// of those that make the same file the first.
    public func mends(among names: [String]? = nil) -> [(name: String, text: String)] {
        let recommended = Mend.recommended(for: run.verdict.code)
        let others = Mend.all.filter { mend in !recommended.contains { $0.name == mend.name } }
        let mends = names.map { names in (recommended + others).filter { names.contains($0.name) } } ?? recommended
        let entries = mends.compactMap { mend in
            mend.text(of: run.text, program: control.program).map { (name: mend.name, text: $0) }
        }
        return unlike([run.source], entries)
    }

    /// The entries whose texts are neither among `known` nor an earlier one's.
    private func unlike(
        _ known: [String], _ entries: [(name: String, text: String)]
    ) -> [(name: String, text: String)] {
        var known = Set(known)
        return entries.filter { known.insert($0.text).inserted }
    }

    /// About how long `count` forks take with their builds, in seconds.
    public func seconds(forForks count: Int) -> Double {
        let building = 6 * Double(count) / Double(buildsAtOnce)
        return building + Double(count) * (Double(steps) * run.secondsPerStep * 1.15 + 0.5)
    }

    private var buildsAtOnce: Int { min(4, threads) }

    /// The candidates of changed files, in their order, and why the others are not tried.
    ///
    /// - Parameter note: is told of each one that is built.
    public func candidates(
        of texts: [(name: String, text: String)], note: @Sendable (String) -> Void = { _ in }
    ) async throws -> (ready: [Candidate], refused: [(name: String, reason: String)]) {
        let builder = builder
        let results = try await withThrowingTaskGroup(of: (Int, Result<Candidate, CandidateBuilder.Refusal>).self) {
            group in
            var results = [Result<Candidate, CandidateBuilder.Refusal>?](repeating: nil, count: texts.count)
            var next = 0
            func add() {
                guard next < texts.count else { return }
                let (index, entry) = (next, texts[next])
                next += 1
                group.addTask {
                    do {
                        return (index, .success(try await builder.candidate(entry.name, text: entry.text)))
                    } catch let refusal as CandidateBuilder.Refusal {
                        return (index, .failure(refusal))
                    }
                }
            }
            for _ in 0..<buildsAtOnce { add() }
            while let (index, result) = try await group.next() {
                results[index] = result
                note(texts[index].name)
                add()
            }
            return results
        }
        var ready: [Candidate] = []
        var refused: [(name: String, reason: String)] = []
        for (entry, result) in zip(texts, results) {
            switch result {
            case .success(let candidate): ready.append(candidate)
            case .failure(let refusal): refused.append((entry.name, refusal.reason))
            case nil: break
            }
        }
        return (ready, refused)
    }

    /// Trains `candidate` from before the trouble began, with the run's own seed; from the beginning if its parameters begin
    /// otherwise, or that is asked for.
    public func fork(
        _ candidate: Candidate, fromBeginning: Bool = false, show: (_ step: Int) -> Void = { _ in }
    ) throws -> Row {
        let begin = fromBeginning || candidate.beginsOtherwise(than: control) ? 0 : forkStep
        return try train(candidate, from: begin, to: lastStep, seed: run.identity.seed, show: show)
    }

    /// Trains `candidate` from the beginning with another seed, to ``confirmedStep``: what chose it has no part in it. Nothing
    /// may be wrong at any time.
    public func confirm(_ candidate: Candidate, seed: UInt64, show: (_ step: Int) -> Void = { _ in }) throws -> Row {
        var row = try train(candidate, from: 0, to: confirmedStep, seed: seed, show: show)
        row.recovery = row.recovery.overall
        return row
    }

    private func train(
        _ candidate: Candidate, from begin: Int, to lastStep: Int, seed: UInt64, show: (_ step: Int) -> Void
    ) throws -> Row {
        // The past of another model is no measure: other layers have other norms, other losses other values.
        let isAlike = RunFacts(candidate.program) == RunFacts(control.program)
        let fork = Fork(
            candidate: candidate, checkpoint: try run.checkpoint(at: begin),
            earlier: isAlike ? run.lines.filter { $0.step <= begin } : [], seed: seed, threads: threads,
            lastStep: lastStep, telemetryInterval: run.forkInterval)
        let outcome = try fork.run(on: dataset, beside: real, show: show)
        return Row(
            candidate: candidate, begin: begin, recovery: Recovery(outcome),
            fresh: begin == 0 ? [] : outcome.state.fresh)
    }

    /// Second changes on top of the best of `rows`, for when no single one was enough: for each, the mends that are
    /// recommended for what is wrong with it now, as far as they make files that are not among `rows`.
    public func combinations(on rows: [Row], limit: Int = 8) -> [(name: String, text: String)] {
        var queues = rows.prefix(2).map { row -> [(name: String, text: String)] in
            guard let name = row.candidate.name, let text = ModelText(row.candidate.text) else { return [] }
            let code = row.recovery.verdict.code ?? run.verdict.code
            return Mend.recommended(for: code).filter { $0.name != name }.compactMap { mend in
                mend.text(of: text, program: row.candidate.program).map { ("\(name)+\(mend.name)", $0) }
            }
        }
        var entries: [(name: String, text: String)] = []
        while queues.contains(where: { !$0.isEmpty }) {
            for index in queues.indices where !queues[index].isEmpty { entries.append(queues[index].removeFirst()) }
        }
        return Array(unlike([run.source] + rows.map(\.candidate.text), entries).prefix(limit))
    }

    /// The change of the run's file to `text`; in another file if `path` names one.
    public func change(to text: String, in path: String? = nil) -> UnifiedDiff {
        let path = MendedFile(run, out: path).path
        return UnifiedDiff(of: run.source, and: text, before: run.file ?? path, after: path)
    }

    /// The file with the mends `names` made in it, one after the other.
    ///
    /// - Throws: `TrainingError` if a mend is not known, or changes nothing.
    public func text(applying names: [String]) async throws -> String {
        try await run.text(applying: names, program: control.program) { try await builder.program(of: $0) }
    }
}

extension RunToMend {
    /// The name of the model's file, without its folder.
    var fileName: String {
        file.flatMap { $0.split(separator: "/").last.map(String.init) } ?? "\(text.typeName).swift"
    }

    /// The file with the mends `names` made in it, one after the other.
    ///
    /// - Parameters:
    ///   - program: what the file as it is describes.
    ///   - evaluate: the program of a changed file.
    /// - Throws: `TrainingError` if a mend is not known, or changes nothing.
    func text(
        applying names: [String], program: Program, evaluate: (String) async throws -> Program
    ) async throws -> String {
        var (source, model, program) = (source, text, program)
        for (index, name) in names.enumerated() {
            guard let mend = Mend.all.first(where: { $0.name == name }) else {
                let own = Mend.recommended(for: verdict.code).map(\.name)
                throw TrainingError(
                    "there is no mend \"\(name)\"", help: "for this verdict there are \(own.joined(separator: ", "))")
            }
            guard let changed = mend.text(of: model, program: program), let next = ModelText(changed) else {
                throw TrainingError(
                    "\(name) changes nothing in this model: \(mend.summary)",
                    help: "cganc diagnose \(folder.path) --try lists those that do")
            }
            (source, model) = (changed, next)
            if index + 1 < names.count { program = try await evaluate(changed) }
        }
        return source
    }
}
