import Compiler
import Emission
import Foundation
import Lowering
import Models
import Testing

/// Models whose contractions are not computed by the portable methods.
@Suite("Tuned stand-alone folders")
struct TunedBuildTests {
    /// Which candidate computes a contraction.
    enum Choice: CaseIterable {
        /// BLAS by rows, or filtered.
        case last
        /// The first one that is not the portable method: BLAS by columns, or direct.
        case other
        /// Likewise, but none of BLAS's.
        case otherWithoutBLAS

        func method(_ contraction: Contraction) -> Method {
            let candidates = Method.candidates(for: contraction)
            let others = candidates.filter { $0 != .portable(for: contraction) }
            return switch self {
            case .last: candidates.last!
            case .other: others.first ?? candidates[0]
            case .otherWithoutBLAS: others.first { !$0.callsBLAS } ?? .portable(for: contraction)
            }
        }
    }

    /// `model` with its contractions computed by `choice`.
    private static func tuned(_ model: ShippedModel, batch: Int? = nil, by choice: Choice = .last) throws -> Compilation
    {
        let compilation = try Compilation(try model.program(batch: batch))
        return compilation.tuned(
            by: Tuning(
                rows: compilation.lowered.contractions.map { contraction in
                    let times = Method.candidates(for: contraction).map { Tuning.Measurement($0, milliseconds: 1.25) }
                    return Tuning.Row(contraction, choice.method(contraction), measurements: times)
                }))
    }

    @Test(
        "gcc and clang (where installed) find nothing to warn of, and what was measured stands over the kernel",
        arguments: ["mlp-wgan-gp", "dcgan-bn-bce"], StandaloneBuildTests.Build.all)
    func hasNoWarnings(name: String, build: StandaloneBuildTests.Build) throws {
        guard isInstalled(build.compiler) else { return }
        let folder = try TemporaryFolder()
        let files = try StandaloneFiles(try Self.tuned(ShippedModel.named(name)!).emit())
        try folder.write(files)
        let source = try #require(files.files.first { $0.name.hasSuffix(".c") })
        #expect(source.text.contains(" * tuned: blas-rows 1.250, tiles 1.250, blas-columns 1.250 ms in a step */"))
        #expect(source.text.contains("#include <cblas.h>"))
        // The portable file's limit of 6,000, a line for each measurement, and the text of BLAS.
        #expect(source.text.split(separator: "\n", omittingEmptySubsequences: false).count < 6100)
        #expect(try #require(files.files.first { $0.name == "Makefile" }).text.contains("LDLIBS = -lopenblas -lm\n"))
        let defines = build.precision == .double ? ["-DCGANC_DOUBLE"] : []
        let result = try run(
            [build.compiler, "-std=gnu11", "-O1", "-march=native", "-Wall", "-Wextra", "-Werror", "-pthread"]
                + defines + ["-c", source.name, "-o", "object.o"], in: folder.path)
        #expect(result.status == 0, "\(result.output)")
    }

    @Test(
        "twenty steps by the methods that are not portable, with OpenBLAS or without, leave the same parameters at 1, 2 and 4 threads",
        arguments: [
            ("mlp-wgan-gp", Choice.last), ("mlp-wgan-gp", .other), ("dcgan-wgan-gp", .last), ("dcgan-wgan-gp", .other),
            ("dcgan-wgan-gp", .otherWithoutBLAS),
        ])
    func parametersAreTheSame(name: String, choice: Choice) throws {
        let model = try #require(ShippedModel.named(name))
        let folder = try TemporaryFolder()
        let compilation = try Self.tuned(model, batch: 9, by: choice)
        let emitted = try compilation.emit()
        let files = try StandaloneFiles(emitted)
        #expect(!compilation.lowered.departures.isEmpty && emitted.callsBLAS == (choice != .otherWithoutBLAS))
        let makefile = try #require(files.files.first { $0.name == "Makefile" }).text
        #expect(makefile.contains("openblas") == emitted.callsBLAS)
        try folder.write(files)
        try TinyExamples(of: model, count: 14).write(to: folder)
        let built = try run(["make", "CFLAGS=-Werror"], in: folder.path)
        try #require(built.status == 0, "\(built.output)")
        let parameters = try ["1", "2", "4"].map { threads in
            let trained = try run(
                ["./\(emitted.file)", "--data", ".", "--steps", "20", "--seed", "3", "--threads", threads],
                in: folder.path)
            try #require(trained.status == 0, "\(trained.output)")
            return try Data(contentsOf: URL(fileURLWithPath: folder.file("parameters.bin")))
        }
        #expect(parameters[0] == parameters[1] && parameters[0] == parameters[2])
    }

    @Test("a tuned file says what OpenBLAS is missing; one that does not call it needs none")
    func missingBLAS() throws {
        let folder = try TemporaryFolder()
        let model = try #require(ShippedModel.named("mlp-cgan"))
        // A compiler that finds no header when it is asked.
        let command = ["gcc", "-D__has_include(x)=0", "-march=native", "-c", "mlp_cgan.c", "-o", "object.o"]
        try folder.write(try model.standalone(batch: 4))
        let portable = try run(command, in: folder.path)
        #expect(portable.status == 0, "\(portable.output)")
        try folder.write(try StandaloneFiles(try Self.tuned(model, batch: 4).emit()))
        let tuned = try run(command, in: folder.path)
        #expect(tuned.status != 0)
        #expect(tuned.output.contains("OpenBLAS is missing"), "\(tuned.output)")
    }
}
