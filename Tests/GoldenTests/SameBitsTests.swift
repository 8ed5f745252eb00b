import Foundation
import Models
import Testing

@Suite("Same bits everywhere")
struct SameBitsTests {
    /// Compilers, and instruction sets that have fused multiplication as options that follow `-march=native`: the machine's
    /// own, vectors of 8 floats, vectors of 4 floats.
    static let builds: [(compiler: String, options: String)] =
        [
            ("gcc", ""), ("gcc", "-mno-avx512f -mavx2 -mfma"),
            ("gcc", "-mno-avx512f -mfma -mprefer-vector-width=128 -DCGANC_VECTOR=4"),
        ] + (isInstalled("clang") ? [("clang", "")] : [])

    @Test(
        "twenty steps leave the same parameters at every width of vectors, from gcc and clang, and at 1, 2 and 4 threads",
        .enabled(if: machineFuses, "the machine has no fused multiplication"),
        arguments: ["mlp-wgan-gp", "dcgan-wgan-gp", "dcgan-bn-bce"])
    func parametersAreTheSame(name: String) throws {
        let model = try #require(ShippedModel.named(name))
        var expected: Data?
        // Weights that are updated beside the products that are their gradients, and the same ones updated afterwards.
        let apart = name == "mlp-wgan-gp" ? [("gcc", "-DCGANC_LARGE_OPERAND=0")] : []
        for build in Self.builds + apart {
            let folder = try TemporaryFolder()
            try folder.write(try model.standalone(batch: 6))
            try TinyExamples(of: model, count: 14).write(to: folder)
            let built = try run(["make", "CC=\(build.compiler)", "CFLAGS=\(build.options)"], in: folder.path)
            try #require(built.status == 0, "\(built.output)")
            let program = "./" + name.replacing("-", with: "_")
            for threads in ["1", "2", "4"] {
                let trained = try run(
                    [program, "--data", ".", "--steps", "20", "--seed", "3", "--threads", threads], in: folder.path)
                try #require(trained.status == 0, "\(trained.output)")
                let parameters = try Data(contentsOf: URL(fileURLWithPath: folder.file("parameters.bin")))
                let reference = expected ?? parameters
                #expect(parameters == reference, "\(build.compiler) \(build.options), \(threads) threads")
                expected = reference
            }
        }
    }

    /// True where the compiler may use fused multiplication.
    static var machineFuses: Bool {
        let probe = "gcc -march=native -dM -E -x c /dev/null | grep -qw __FMA__"
        return (try? run(["sh", "-c", probe], in: "/"))?.status == 0
    }
}
