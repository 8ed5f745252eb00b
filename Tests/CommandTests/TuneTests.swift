import Foundation
import Testing

@Suite("Tune")
struct TuneTests {
    @Test("tune measures the methods, writes its choices, and tells how to use them")
    func tune() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let outcome = try await cganc("tune", "tiny.json", "--threads", "1", "--rounds", "2", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("milliseconds in a training step\n"))
            #expect(outcome.output.contains("tiny.tuning: "))
            let text = try String(contentsOfFile: "\(folder)/tiny.tuning", encoding: .utf8)
            #expect(text.hasPrefix("cganc tuning 1\nmodel      tiny\nbatch      8\nprecision  float\nthreads    1\n"))
            let rows = text.split(separator: "\n").filter { $0.hasPrefix("matmul ") }
            #expect(rows.count > 4)
            // A file that was just written fits; for another model that is told.
            let fitting = try await cganc(
                "compile", "tiny.json", "--tuning", "tiny.tuning", "--out", "c", in: folder)
            #expect(fitting.status == 0 && fitting.errors.isEmpty, "\(fitting.errors)")
            #expect(try String(contentsOfFile: "\(folder)/c/tiny.c", encoding: .utf8).contains(" * tuned: "))
            let other = try await cganc("compile", "mlp-cgan", "--tuning", "tiny.tuning", "--out", "d", in: folder)
            #expect(other.status == 0 && other.errors.contains("are not in mlp-cgan with batch 64, and are ignored"))
        }
    }

    @Test("a run takes its tuning with it: resumed and sampled without naming it, refused with another")
    func train() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let row = "matmul A·B 8x67x8  blas-columns  tiles 2  blas-columns 1\n"
            try "cganc tuning 1\n\(row)".write(toFile: "\(folder)/blas.tuning", atomically: true, encoding: .utf8)
            let begun = try await cganc(
                "train", "tiny.json", "--tuning", "blas.tuning", "--steps", "3", "--out", "run", in: folder)
            #expect(begun.status == 0, "\(begun.errors)")
            #expect(begun.errors.contains("are not in the tuning; the portable methods serve them"))
            #expect(try names(in: "\(folder)/run").contains("tuning.txt"))
            let resumed = try await cganc("train", "--resume", "--out", "run", "--steps", "6", in: folder)
            #expect(resumed.status == 0, "\(resumed.errors)")
            let sampled = try await cganc("sample", "--run", "run", "--labels", "1", in: folder)
            #expect(sampled.status == 0, "\(sampled.errors)")

            let straight = try await cganc(
                "train", "tiny.json", "--tuning", "blas.tuning", "--steps", "6", "--out", "straight", in: folder)
            #expect(straight.status == 0)
            let checkpoints = try ["run", "straight"].map {
                try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)/checkpoints/step-000006.safetensors"))
            }
            #expect(checkpoints[0] == checkpoints[1])

            try "cganc tuning 1\n".write(toFile: "\(folder)/none.tuning", atomically: true, encoding: .utf8)
            let refused = try await cganc(
                "train", "--resume", "--out", "run", "--steps", "9", "--tuning", "none.tuning", in: folder)
            #expect(refused.status == 1)
            #expect(refused.errors.contains("note: it has a tuning of its contractions, which is missing"))
        }
    }

    @Test("tune, time and profile refuse what is no tuning and what measures nothing")
    func refuses() async throws {
        try await withTemporaryFolder { folder in
            try "cganc tuning 1\nx\n".write(toFile: "\(folder)/x.tuning", atomically: true, encoding: .utf8)
            for command in ["time", "profile", "compile", "train"] {
                let outcome = try await cganc(command, "mlp-cgan", "--tuning", "x.tuning", in: folder)
                #expect(
                    outcome.errors.hasPrefix("x.tuning:2: error: 'x' begins neither a fact nor a contraction\nhelp: "))
                #expect(outcome.status == 1)
            }
            let none = try await cganc("tune", "mlp-cgan", "--rounds", "0", in: folder)
            #expect(none.status != 0 && none.errors.contains("--rounds is 0; it has to be 1 to 1,000"))
            #expect(try names(in: folder) == ["x.tuning"])
        }
    }
}
