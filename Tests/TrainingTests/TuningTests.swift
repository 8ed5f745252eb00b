import CGAN
import Compiler
import Formats
import Foundation
import Lowering
import Native
import Testing

@testable import Training

@Suite("Tuning")
struct TuningTests {
    /// Every contraction of the tiny model by `method` where that is possible; by the portable ones if nil.
    private static func tuning(_ method: Method?) throws -> Tuning {
        let lowered = try Compilation(try Program(Tiny())).lowered
        return Tuning(
            rows: lowered.contractions.map { contraction in
                let candidates = Method.candidates(for: contraction)
                return Tuning.Row(contraction, candidates.first { $0 == method } ?? .portable(for: contraction))
            })
    }

    private static let tuned = Task { try await BuiltModel(Tiny(), tuning: tuning(.blasColumns)) }

    @Test("a candidate is chosen if it is faster by more than the noise, in three rounds of four")
    func choice() {
        func best(_ standard: [Double], _ others: [Double]...) -> Int {
            var rounds = Rounds<Int>()
            for (candidate, seconds) in ([standard] + others).enumerated() {
                for value in seconds { rounds.add(candidate, seconds: value) }
            }
            return rounds.best(of: Array(0...others.count), standard: 0)
        }
        #expect(best([10, 10, 10, 10, 10], [9, 9, 9, 9, 9]) == 1)
        #expect(best([10, 10, 10, 10, 10], [9, 9, 9, 9, 9], [8, 8, 8, 8, 8]) == 2)
        // What disturbs a whole round disturbs all of its candidates.
        #expect(best([10, 30, 10, 20, 10], [9, 27, 9, 18, 9]) == 1)
        // Faster in the median, but not reliably; reliably, but by too little; slower.
        #expect(best([10, 10, 10, 10, 10], [9, 9, 9, 12, 12]) == 0)
        #expect(best([10, 10, 10, 10, 10], [9.9, 9.9, 9.9, 9.9, 9.9]) == 0)
        #expect(best([10, 10, 10, 10, 10], [11, 11, 11, 11, 11]) == 0)
        #expect(best([10, 10]) == 0)
    }

    @Test("the tuner measures every method of every contraction, and chooses only among them")
    func measures() async throws {
        let compilation = try Compilation(try Program(Tiny()))
        let tuner = Tuner(
            compilation, precision: .float, threads: 1, methods: Method.allCases, rounds: 3,
            dataset: BuiltModel.stored(20))
        let outcome = try await tuner.run { _ in }
        #expect(outcome.tuning.rows.map(\.contraction) == compilation.lowered.contractions)
        #expect(outcome.kernels.reduce(0, +) > outcome.kernels.count)
        for row in outcome.tuning.rows {
            let candidates = Method.candidates(for: row.contraction)
            #expect(row.measurements.map(\.method) == candidates)
            #expect(row.measurements.allSatisfy { $0.milliseconds > 0 } && candidates.contains(row.method))
        }
        let departs = !compilation.tuned(by: outcome.tuning).lowered.departures.isEmpty
        #expect(!departs || outcome.comparison?.pays == true)
    }

    @Test("a run keeps its tuning, resumes bit for bit with it, and is not resumed with another one or without")
    func resumed() async throws {
        let (built, tuned) = (try await BuiltModel.tiny.value, try await Self.tuned.value)
        #expect(!tuned.compilation.lowered.departures.isEmpty)
        try await withTemporaryFolder { folder in
            _ = try tuned.session("\(folder)/straight").run(TrainingOptions(steps: 4), progress: silent())
            _ = try tuned.session("\(folder)/parts", threads: 1).run(TrainingOptions(steps: 2), progress: silent())
            _ = try tuned.resumed("\(folder)/parts").run(TrainingOptions(steps: 4), progress: silent())
            #expect(try state("\(folder)/parts", step: 4) == state("\(folder)/straight", step: 4))
            #expect(try RunFolder("\(folder)/parts").tuning() == (try Self.tuning(.blasColumns)))

            let without = #expect(throws: TrainingError.self) { try built.resumed("\(folder)/parts") }
            #expect(without?.notes == ["it has a tuning of its contractions, which is missing"])
            let other = try await BuiltModel(Tiny(), tuning: Self.tuning(.blasRows))
            let another = #expect(throws: TrainingError.self) { try other.resumed("\(folder)/parts") }
            #expect(another?.notes == ["it has a tuning of its contractions, not this one"])
            _ = try built.session("\(folder)/plain").run(TrainingOptions(steps: 2), progress: silent())
            #expect(try RunFolder("\(folder)/plain").tuning() == nil)
            let late = #expect(throws: TrainingError.self) { try tuned.resumed("\(folder)/plain") }
            #expect(late?.notes == ["it has no tuning, and other methods round otherwise"])
        }
    }

    @Test("a tuning that chooses the portable methods is the same run as none")
    func portableTuning() throws {
        let compilation = try Compilation(try Program(Tiny()))
        let same = compilation.tuned(by: try Self.tuning(nil))
        #expect(same.lowered.departures.isEmpty && compilation.lowered.departures.isEmpty)
        #expect(try same.emit().source == compilation.emit().source)
    }

    @Test("a tuning of another batch, machine or number type is used with a remark")
    func remarks() throws {
        let lowered = try Compilation(try Program(Tiny())).lowered
        var tuning = try Self.tuning(nil)
        #expect(tuning.remarks(on: lowered, precision: .float, machine: nil).isEmpty)
        tuning.conditions.precision = "double"
        tuning.conditions.processor = "another"
        tuning.rows[0].contraction = try #require(Contraction("matmul A·B 3x3x3"))
        let machine = MachineDescription(processor: "this", compiler: "gcc 12", blas: "")
        #expect(
            tuning.remarks(on: lowered, precision: .float, machine: machine) == [
                "1 of the tuning's \(tuning.rows.count) contractions is not in tiny with batch 8, and is ignored",
                "1 contraction of tiny is not in the tuning; the portable method serves it",
                "the tuning was measured with the processor another, not this",
                "the tuning was measured with the number type double, not float",
            ])
    }

    @Test("a file that is no tuning is refused with its path and line, and a large one is not read")
    func files() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/a.tuning"
            try AtomicFile.write("cganc tuning 1\nnonsense\n", to: path)
            let nonsense = #expect(throws: FormatError.self) { try TuningFile.read(path) }
            #expect(nonsense?.description.hasPrefix("\(path):2: error: 'nonsense' begins neither") == true)
            try AtomicFile.write([UInt8](repeating: 10, count: TuningFile.limit + 1), to: path)
            let large = #expect(throws: FormatError.self) { try TuningFile.read(path) }
            #expect(large?.message.contains("more than the limit") == true)
            try AtomicFile.write([0x63, 0xff, 0xfe], to: path)
            #expect(throws: FormatError.self) { try TuningFile.read(path) }
            try TuningFile.write(try Self.tuning(.blasRows), to: path)
            #expect(try TuningFile.read(path) == (try Self.tuning(.blasRows)))
        }
    }
}
