import Foundation
import Testing

@Suite("Time")
struct TimeTests {
    @Test("time prints what a step takes as text or JSON, and leaves nothing behind")
    func time() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let temporary = "\(folder)/temporary"
            try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
            let outcome = try await cganc(
                "time", "tiny.json", "--threads", "1", "--warmup", "2", "--steps", "4", "--seconds", "0", "--json",
                "--telemetry-interval", "2", in: folder, environment: ["TMPDIR": temporary])
            #expect(outcome.status == 0, "\(outcome.errors)")
            let report = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            #expect(report["model"] as? String == "tiny")
            #expect(report["steps"] as? Int == 4 && report["threads"] as? Int == 1)
            let least = try #require(report["leastMilliseconds"] as? Double)
            let median = try #require(report["medianMilliseconds"] as? Double)
            #expect(least > 0 && least <= median)
            // Steps 3 to 6 are timed; 4 and 6 are watched.
            #expect(report["watchedSteps"] as? Int == 2)
            #expect((report["watchedMilliseconds"] as? Double ?? 0) >= least)
            #expect((report["peakMemoryBytes"] as? Int ?? 0) > 1 << 20)
            #expect(try names(in: temporary).isEmpty)
            let text = try await cganc("time", "tiny.json", "--steps", "2", "--seconds", "0", in: folder).output
            #expect(text.contains(" ms per step, the median of 2 ("))
        }
    }

    @Test("time trains on given data")
    func data() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let timed = try await cganc(
                "time", "tiny.json", "--steps", "2", "--seconds", "0", "--data", "glyphs", in: folder)
            #expect(timed.status == 0 && timed.output.contains("the median of 2 ("), "\(timed.errors)")
        }
    }

    @Test("time refuses numbers that time nothing, and data that are not there")
    func refuses() async throws {
        let outcome = try await cganc("time", "mlp-cgan", "--steps", "0", in: "/")
        #expect(outcome.errors.contains("--steps is 0; it has to be 1 to 1,000,000"))
        #expect(outcome.status != 0)
        let missing = try await cganc("time", "mlp-cgan", "--data", "/no/such/folder", in: "/")
        #expect(missing.errors.contains("/no/such/folder"), "\(missing.errors)")
        #expect(missing.status != 0)
    }
}
