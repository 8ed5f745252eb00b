import Compiler
import Emission
import Foundation
import Models
import Native
import Templates
import Testing

@Suite("Stand-alone folders build")
struct StandaloneBuildTests {
    /// A compiler with a number type.
    struct Build: CustomTestStringConvertible {
        var compiler: String
        var precision: Precision

        var testDescription: String { "\(compiler), \(precision.rawValue)" }

        static let all = ["gcc", "clang"].flatMap { compiler in
            Precision.allCases.map { Build(compiler: compiler, precision: $0) }
        }
    }

    @Test(
        "gcc and clang (where installed) find nothing to warn of, in float and double", arguments: ShippedModel.all,
        Build.all)
    func hasNoWarnings(model: ShippedModel, build: Build) throws {
        guard isInstalled(build.compiler) else { return }
        let folder = try TemporaryFolder()
        let files = try model.standalone()
        try folder.write(files)
        let defines = build.precision == .double ? ["-DCGANC_DOUBLE"] : []
        for file in files.files where file.name.hasSuffix(".c") {
            let result = try run(
                [build.compiler, "-std=gnu11", "-O1", "-march=native", "-Wall", "-Wextra", "-Werror", "-pthread"]
                    + defines + ["-c", file.name, "-o", "object.o"], in: folder.path)
            #expect(result.status == 0, "\(file.name)\n\(result.output)")
        }
    }

    @Test("the counters of a profile, and the machine's limits, build without warnings", arguments: Build.all)
    func countersHaveNoWarnings(build: Build) throws {
        guard isInstalled(build.compiler) else { return }
        let folder = try TemporaryFolder()
        let files = try ShippedModel.named("mlp-cgan")!.standalone(batch: 4)
        try folder.write(files)
        let machine = ["prelude", "vector", "threads", "machine"].map { Templates.text("\($0).c") }
        try folder.write([UInt8](machine.joined(separator: "\n").utf8), to: "machine.c")
        let defines = ["-DCGANC_PROFILE"] + (build.precision == .double ? ["-DCGANC_DOUBLE"] : [])
        for file in ["mlp_cgan.c", "machine.c"] {
            let result = try run(
                [build.compiler, "-std=gnu11", "-O1", "-march=native", "-Wall", "-Wextra", "-Werror", "-pthread"]
                    + defines + ["-c", file, "-o", "object.o"], in: folder.path)
            #expect(result.status == 0, "\(file)\n\(result.output)")
        }
    }

    @Test("the makefile builds with cganc's own options, and needs no library but the C library's own")
    func makefile() throws {
        let folder = try TemporaryFolder()
        let files = try ShippedModel.named("mlp-cgan")!.standalone(batch: 4)
        try folder.write(files)
        let text = try #require(files.files.first { $0.name == "Makefile" }?.text)
        for option in BuildOptions.compiling + BuildOptions.libraries { #expect(text.contains(option)) }
        #expect(text.contains("LDLIBS = -lm\n"))
    }
}
