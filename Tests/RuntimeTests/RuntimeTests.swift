import Foundation
import Templates
import Testing

/// One way of compiling the runtime.
struct Build: CustomTestStringConvertible {
    let compiler: String
    let precision: String
    let options: [String]
    /// The command that runs the result.
    let launcher: [String]

    var testDescription: String { ([compiler, precision] + options).joined(separator: " ") }

    static func plain(_ compiler: String, _ precision: String, _ more: [String] = []) -> Build {
        Build(
            compiler: compiler, precision: precision, options: ["-O3", "-ffp-contract=off", "-fno-math-errno"] + more,
            launcher: [])
    }

    /// With vectors of so many floats.
    static func vectors(_ floats: String, _ precision: String) -> Build {
        plain("gcc", precision, ["-DCGANC_VECTOR=\(floats)"])
    }

    static let plain = [
        plain("gcc", "float"), plain("gcc", "double"), plain("clang", "float"), plain("clang", "double"),
    ]
    static let addresses = Build(
        compiler: "gcc", precision: "double",
        options: [
            "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-DRUNS=20000",
            "-DSTRIDE=100003",
        ],
        launcher: [])
    /// The thread sanitiser needs the fixed address layout that `setarch -R` gives.
    static let threads = Build(
        compiler: "gcc", precision: "float", options: ["-O1", "-g", "-fsanitize=thread", "-DRUNS=5000"],
        launcher: ["setarch", "-R"])
}

/// The fixed C text of every emitted model, compiled with drivers that check its numbers.
@Suite struct RuntimeTests {
    static let parts = [
        "prelude.c", "vector.c", "elementary.c", "exponential.c", "trigonometric.c", "power.c", "random.c",
        "bernoulli.c",
        "threads.c", "tiles.c", "matmul.c", "matmul_flipped.c", "convolution.c", "input_gradient_narrow.c",
        "minimal_filtering.c", "filtered_gradient.c", "weight_gradient.c", "weight_gradient_direct.c",
        "weight_gradient_narrow.c", "pooling.c", "rows.c", "norms.c", "optimiser.c", "adam.c", "rmsprop.c", "sgd.c",
    ]

    @Test("the elementwise functions hold at both ends of the range", arguments: Build.plain)
    func elementwise(build: Build) throws { try check("elementwise", build) }

    @Test("elementary functions keep to their bounds over all floats", arguments: Build.plain)
    func elementary(build: Build) throws { try check("elementary", build) }

    @Test("elementary functions keep to their bounds without fused multiplication")
    func portableElementary() throws {
        try check("elementary", Build.plain("gcc", "float", ["-mno-fma", "-mno-avx"]))
    }

    @Test("elementary functions have the same bits at every width of vectors and from both compilers")
    func elementaryWidths() throws {
        let options = [[], ["-mno-avx512f"], ["-mno-avx512f", "-mprefer-vector-width=128"], ["-fno-tree-vectorize"]]
        let builds = options.map { Build.plain("gcc", "float", $0) } + [.plain("clang", "float")]
        let outputs = try builds.map { try check("elementary", $0) }
        #expect(outputs[0].contains("digest"))
        for (build, output) in zip(builds, outputs) { #expect(output == outputs[0], "\(build)") }
    }

    @Test("random numbers are Philox's published ones and have their distributions' moments", arguments: Build.plain)
    func random(build: Build) throws { try check("random", build) }

    @Test("the pool does every element once, asleep or awake", arguments: Build.plain)
    func pool(build: Build) throws { try check("pool", build) }

    @Test("contractions equal naive loops, are adjoint, and do not depend on the threads", arguments: Build.plain)
    func contraction(build: Build) throws { try check("contraction", build) }

    @Test(
        "contractions have the same bits at every width of vectors and from both compilers",
        arguments: ["float", "double"])
    func widths(precision: String) throws {
        let builds =
            ["4", "8"].map { Build.vectors($0, precision) } + [.plain("gcc", precision), .plain("clang", precision)]
        let outputs = try builds.map { try check("contraction", $0) }
        #expect(outputs[0].contains("digest"))
        for (build, output) in zip(builds, outputs) { #expect(output == outputs[0], "\(build)") }
    }

    @Test("contractions are right without fused multiplication", arguments: ["float", "double"])
    func portable(precision: String) throws {
        try check("contraction", Build.plain("gcc", precision, ["-mno-fma", "-mno-avx"]))
    }

    @Test("products by OpenBLAS equal naive loops and do not depend on the threads", arguments: Build.plain)
    func blas(build: Build) throws { try check("blas", build) }

    @Test("pooling and indexing equal naive loops and do not depend on the threads", arguments: Build.plain)
    func pooling(build: Build) throws { try check("pooling", build) }

    @Test("optimisers follow their papers' formulas and do not depend on the threads", arguments: Build.plain)
    func optimiser(build: Build) throws { try check("optimiser", build) }

    @Test(
        "weights updated beside the products that are their gradients have the bits of those updated afterwards",
        arguments: Build.plain)
    func weightUpdate(build: Build) throws { try check("weight_update", build) }

    @Test("weights updated beside products have the same bits at every width of vectors and from both compilers")
    func weightUpdateWidths() throws {
        let builds =
            ["4", "8"].map { Build.vectors($0, "float") } + [.plain("gcc", "float"), .plain("clang", "float")]
        let outputs = try builds.map { try check("weight_update", $0) }
        #expect(outputs[0].contains("digest"))
        for (build, output) in zip(builds, outputs) { #expect(output == outputs[0], "\(build)") }
    }

    @Test(
        "the runtime stays inside its memory and defined behaviour",
        arguments: [
            "elementwise", "elementary", "random", "pool", "contraction", "pooling", "optimiser", "weight_update",
        ])
    func addresses(driver: String) throws { try check(driver, .addresses) }

    @Test("threads share nothing without order", arguments: ["pool", "contraction", "optimiser", "weight_update"])
    func threads(driver: String) throws { try check(driver, .threads) }
}

/// Compiles the runtime followed by `drivers/<driver>.c`, warnings being errors, and expects it to succeed.
///
/// - Returns: what it printed.
@discardableResult
private func check(_ driver: String, _ build: Build) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("cganc-runtime-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let drivers = try #require(Bundle.module.resourceURL).appendingPathComponent("drivers")
    let parts = RuntimeTests.parts + (driver == "blas" ? ["blas.c"] : [])
    func lines(_ name: String) throws -> String {
        "\n#line 1 \"\(name)\"\n"
            + (try String(contentsOf: drivers.appendingPathComponent(name), encoding: .utf8))
    }
    var text = parts.map(Templates.text).joined(separator: "\n")
    if driver == "weight_update" {
        text += try lines("weight_update.frame.c") + Templates.text("profile.c") + Templates.text("weight_update.c")
    }
    text += try lines("check.c") + lines("\(driver).c")
    let source = folder.appendingPathComponent("\(driver).c")
    let program = folder.appendingPathComponent(driver)
    try text.write(to: source, atomically: true, encoding: .utf8)
    let precision = build.precision == "double" ? ["-DCGANC_DOUBLE"] : []
    let compiled = try run(
        [build.compiler, "-std=gnu11", "-march=native", "-Wall", "-Wextra", "-Werror"] + precision + build.options
            + [source.path, "-o", program.path, "-lm", "-lpthread"] + (driver == "blas" ? ["-lopenblas"] : []))
    try #require(compiled.status == 0, "\(compiled.output)")
    let result = try run(build.launcher + [program.path])
    #expect(result.status == 0, "\(result.output)")
    return result.output
}

/// Runs a command found on the path.
private func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output.suffix(4000), as: UTF8.self))
}
