import Foundation
import Testing

@Suite("Profile")
struct ProfileTests {
    @Test("profile's kernels add up to no more than the step, and the picture shows every one")
    func profile() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let temporary = "\(folder)/temporary"
            try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
            let outcome = try await cganc(
                "profile", "tiny.json", "--threads", "1", "--steps", "4", "--data", "glyphs", "--out", "p.svg",
                in: folder, environment: ["TMPDIR": temporary])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let head = try #require(
                outcome.output.firstMatch(
                    of: /tiny, batch 8, float, 1 thread: ([\d.]+) ms per step, the mean of 4; ([\d.]+) ms of it/))
            let (step, counted) = (Double(head.1)!, Double(head.2)!)
            #expect(counted > 0 && counted <= step)
            let limits = try #require(
                outcome.output.firstMatch(of: /measured here: (\d+) GFLOP\/s in registers, ([\d.]+)/))
            #expect(Double(limits.1)! >= 1 && Double(limits.2)! > 0.1)
            // Rows of kernels begin with a number: `12 d_latent latent 0.010 …`.
            let kernels = outcome.output.matches(of: /(?m)^ +\d+  (\w+) +\S+ +([\d.]+) +[\d.]+%/)
            #expect(kernels.count > 20)
            #expect(kernels.reduce(0) { $0 + Double($1.2)! } <= counted + 0.0005 * Double(kernels.count) + 0.01)
            let svg = try String(contentsOfFile: "\(folder)/p.svg", encoding: .utf8)
            for kernel in kernels { #expect(svg.contains(" \(kernel.1): "), "\(kernel.1)") }
            #expect(try names(in: temporary).isEmpty)
        }
    }

    @Test("profile refuses to count nothing")
    func refuses() async throws {
        let none = try await cganc("profile", "mlp-cgan", "--steps", "0", in: "/")
        #expect(none.status != 0 && none.errors.contains("--steps is 0; it has to be 1 to 1,000,000"))
    }
}
