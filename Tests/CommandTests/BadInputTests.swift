import CGAN
import Formats
import Foundation
import Testing

/// One clear error with a way out, a non-zero exit, and nothing lost.
@Suite("Bad input")
struct BadInputTests {
    @Test("an unknown model and an unknown run are named, with a way out")
    func unknownNames() async throws {
        try await withTemporaryFolder { folder in
            let model = try await cganc("summary", "no-such-model", in: folder)
            #expect(model.errors.contains("error: ") && model.errors.contains("no-such-model"))
            #expect(model.errors.contains("help: "))
            #expect(model.status == 1 && model.output.isEmpty)
            let run = try await cganc("sample", "--run", "nowhere", in: folder)
            #expect(run.errors == "error: nowhere does not exist\nhelp: train first: cganc train MODEL --out nowhere\n")
            #expect(run.status == 1)
            #expect(try names(in: folder).isEmpty)
        }
    }

    @Test(
        "numbers out of range are told before anything is done",
        arguments: [
            ["train", "mlp-cgan", "--steps", "0"], ["train", "mlp-cgan", "--threads", "65"],
            ["summary", "mlp-cgan", "--batch", "-1"], ["train"], ["train", "mlp-cgan", "--precision", "half"],
            ["sample"], ["sample", "--run", "a", "--grid", "--labels", "1"],
        ])
    func numbers(arguments: [String]) async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await cganc(list: arguments, in: folder)
            #expect(outcome.status == 64)
            #expect(outcome.errors.hasPrefix("Error: "))
            #expect(try names(in: folder).isEmpty)
        }
    }

    @Test("without a C compiler, or without OpenBLAS, the error says what to install")
    func missingTools() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let cache = ["CGANC_CACHE": "\(folder)/cache"]
            let none = try await cganc(
                "train", "tiny.json", in: folder, environment: cache.merging(["CGANC_CC": "/nonexistent/cc"]) { $1 })
            #expect(none.errors.hasPrefix("error: no C compiler: `/nonexistent/cc --version` does not run\nhelp: "))
            #expect(none.status == 1)

            let compiler = "\(folder)/cc"
            let script = """
                #!/bin/sh
                case "$*" in
                *--version*) echo "cc 1.0"; exit 0 ;;
                *-dM*) echo "#define __x86_64__ 1"; exit 0 ;;
                esac
                echo "tiny.c:9:10: fatal error: cblas.h: No such file or directory" >&2
                exit 1
                """
            try script.write(toFile: compiler, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: compiler)
            let blas = try await cganc(
                "train", "tiny.json", in: folder, environment: cache.merging(["CGANC_CC": compiler]) { $1 })
            #expect(blas.errors.contains("error: OpenBLAS is missing"))
            #expect(blas.errors.contains("help: install it"))
            #expect(blas.status == 1)
            // Neither of them began a run.
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/runs"))
        }
    }

    @Test("a folder that holds a run is not begun again")
    func occupiedFolder() async throws {
        try await withTinyRun { folder in
            let before = try InputFile.read("\(folder)/run/metrics.jsonl")
            let outcome = try await cganc("train", "tiny.json", "--out", "run", in: folder)
            #expect(
                outcome.errors == """
                    error: run already holds a run
                    note: its last checkpoint is of step 6
                    help: go on with it by --resume, or choose another folder with --out

                    """)
            #expect(outcome.status == 1)
            #expect(try InputFile.read("\(folder)/run/metrics.jsonl") == before)
        }
    }

    @Test("a run is not resumed with another seed, and a damaged checkpoint is named")
    func resuming() async throws {
        try await withTinyRun { folder in
            let seed = try await cganc("train", "tiny.json", "--resume", "--out", "run", "--seed", "8", in: folder)
            #expect(seed.errors.contains("note: it has seed 5, not 8\n"))
            #expect(seed.status == 1)
            let path = "\(folder)/run/checkpoints/step-000006.safetensors"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try bytes.prefix(bytes.count - 9).write(to: URL(fileURLWithPath: path))
            let damaged = try await cganc("train", "--resume", "--out", "run", in: folder)
            #expect(damaged.errors.hasPrefix("run/checkpoints/step-000006.safetensors: error: "))
            #expect(damaged.errors.contains("help: "))
            #expect(damaged.status == 1)
            let sample = try await cganc("sample", "--run", "run", in: folder)
            #expect(sample.errors.hasPrefix("run/checkpoints/step-000006.safetensors: error: "))
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/samples.png"))
        }
    }

    @Test("a checkpoint of another model is refused")
    func otherModel() async throws {
        struct Other: ConditionalGAN {
            let images = ImageShape(height: 8, width: 8, channels: 1)
            let classes = 3
            let latent = 4
            let name = "tiny"
            var generator: Network {
                Inputs(.latent, .label(.oneHot))
                Dense(64)
                Reshape(8, 8, 1)
            }
            var discriminator: Network {
                Inputs(.image, .label(.oneHot))
                Flatten()
                Dense(1)
            }
            var objective: Objective { .wasserstein() }
            var training: Training { Training(batch: 8) }
        }
        try await withTinyRun { folder in
            try save(Other(), to: "\(folder)/other.json")
            let outcome = try await cganc("sample", "other.json", "--run", "run", in: folder)
            #expect(outcome.errors.contains("step-000006.safetensors does not fit tiny\n"))
            #expect(outcome.errors.contains("note: discriminator.dense1.weight is [67, 8], the model's is [67, 1]\n"))
            #expect(outcome.status == 1)
        }
    }

    @Test("labels that name no class are refused")
    func labels() async throws {
        try await withTinyRun { folder in
            let outcome = try await cganc("sample", "--run", "run", "--labels", "1,3", in: folder)
            #expect(outcome.errors == "error: label 3 names no class: the model has 3\nhelp: choose from 0 to 2\n")
            #expect(outcome.status == 1)
        }
    }

    @Test("a truncated IDX file is named with the byte, and no run is begun")
    func truncatedData() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            try FileManager.default.createDirectory(atPath: "\(folder)/data", withIntermediateDirectories: true)
            let images: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 8, 0, 0, 0, 8] + [UInt8](repeating: 9, count: 100)
            try AtomicFile.write(images, to: "\(folder)/data/train-images-idx3-ubyte")
            try AtomicFile.write(
                [0, 0, 8, 1, 0, 0, 0, 9] + [UInt8](repeating: 1, count: 9),
                to: "\(folder)/data/train-labels-idx1-ubyte")
            let outcome = try await cganc("train", "tiny.json", "--data", "data", "--out", "run", in: folder)
            #expect(outcome.errors.hasPrefix("data/train-images-idx3-ubyte: error: "))
            #expect(outcome.errors.contains("(at byte "))
            #expect(outcome.status == 1)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/run"))
        }
    }

    @Test("a missing data folder is named, with what could be given instead")
    func missingData() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let outcome = try await cganc("train", "tiny.json", "--data", "nowhere", in: folder)
            #expect(outcome.errors.contains("nowhere") && outcome.errors.contains("help: "))
            #expect(outcome.status == 1)
        }
    }

    @Test("a full disk ends a run with an error; what was written before is whole, and the run can go on")
    func fullDisk() async throws {
        try await withTinyRun { folder in
            // Files may grow to what the checkpoints need, and the metrics of a hundred steps.
            let outcome = try await cganc(
                "train", "--resume", "--out", "run", "--steps", "100000", "--checkpoint-every", "50", in: folder,
                limit: 32)
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("error: run/metrics.jsonl: cannot write: file too large"), "\(outcome.errors)")
            #expect(outcome.errors.contains("note: the last checkpoint is whole: run/checkpoints/step-"))
            #expect(try names(in: "\(folder)/run/checkpoints").allSatisfy { $0.hasPrefix("step-") })
            let steps = try names(in: "\(folder)/run/checkpoints").compactMap { Int($0.dropFirst(5).prefix(6)) }
            let last = try #require(steps.last)
            let on = try await cganc("train", "--resume", "--out", "run", "--steps", "\(last + 1)", in: folder)
            #expect(on.status == 0, "\(on.errors)")
            let metrics = String(decoding: try InputFile.read("\(folder)/run/metrics.jsonl"), as: UTF8.self)
            #expect(metrics.split(separator: "\n").count == last + 1)
        }
    }

    @Test("a full disk leaves no half-written C, and no half-written dump")
    func fullDiskWhileWriting() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let compile = try await cganc("compile", "tiny.json", "--out", "c", in: folder, limit: 8)
            #expect(compile.errors.hasPrefix("c/") && compile.errors.contains("cannot write: file too large"))
            #expect(compile.status == 1)
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/c"))
        }
    }

    @Test("Ctrl-C ends the step, writes a checkpoint and says how to go on")
    func interruption() async throws {
        try await withTinyRun { folder in
            let outcome = try await interrupted(
                "train", "--resume", "--out", "run", "--steps", "1000000", in: folder, when: "run/metrics.jsonl",
                has: 20)
            #expect(outcome.status == 130, "\(outcome.errors)")
            #expect(outcome.output.contains("stopped at step"))
            #expect(outcome.output.contains("go on with: cganc train --resume --out run\n"))
            let metrics = String(decoding: try InputFile.read("\(folder)/run/metrics.jsonl"), as: UTF8.self)
            let steps = metrics.split(separator: "\n").count
            let checkpoints = try names(in: "\(folder)/run/checkpoints")
            #expect(checkpoints.last == "step-" + String(String(1_000_000 + steps).dropFirst()) + ".safetensors")
        }
    }
}
