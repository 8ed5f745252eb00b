import Foundation
import Testing

/// A model whose discriminator is so fast that the generator's loss comes to rest on its clip.
private let clipped = """
    import CGAN

    @main struct Clipped: ConditionalGAN {
        let images = ImageShape(height: 8, width: 8, channels: 1)
        let classes = 3
        let latent = 4
        var generator: Network {
            Inputs(.latent, .label(.oneHot))
            Dense(32)
            ReLU()
            Dense(64)
            Tanh()
            Reshape(8, 8, 1)
        }
        var discriminator: Network {
            Inputs(.image, .label(.oneHot))
            Dense(32)
            LeakyReLU(0.2)
            Dense(1)
            Sigmoid()
        }
        var objective: Objective { .binaryCrossEntropy() }
        var training: Training {
            Training(batch: 16, steps: 200)
                .discriminator(.sgd(10))  // far too fast
        }
    }

    """

/// A model in which trouble begins late, by its losses and the generator's rate.
private func late(_ objective: String, rate: String) -> String {
    clipped.replacing("Clipped", with: "Late").replacing(".binaryCrossEntropy()", with: objective)
        .replacing("        Sigmoid()\n", with: "").replacing("steps: 200", with: "steps: 500")
        .replacing(".sgd(10))  // far too fast", with: ".adam(2e-3)).generator(.adam(\(rate)))")
}

@Suite("cganc diagnose --try and --apply", .serialized)
struct MendingTests {
    @Test("a run on its clip is mended: tried beside itself, confirmed with a fresh seed, written, and trained")
    func endToEnd() async throws {
        try await withTemporaryFolder { folder in
            let file = "\(folder)/Clipped.swift"
            try clipped.write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            let trained = try await cganc("train", "Clipped.swift", "--out", "run", in: folder)
            #expect(trained.status == 0, "\(trained.errors)")
            #expect(try String(contentsOfFile: "\(folder)/run/model.swift", encoding: .utf8) == clipped)

            let early = try await cganc("diagnose", "run", "--apply", in: folder)
            #expect(early.status == 1)
            #expect(early.errors.contains("error: no mend has been confirmed for run"))

            let tried = try await cganc(
                "diagnose", "run", "--try", "--among", "smoothing,usual-optimisers", in: folder)
            #expect(tried.status == 0, "\(tried.errors)")
            #expect(tried.errors.contains("usual-optimisers from the beginning with seed 2, "))
            #expect(tried.errors.contains(" steps: confirmed, healthy: "))
            #expect(tried.output.contains("  1  usual-optimisers  healthy"))
            #expect(tried.output.contains("     (as it is)        GZ2"))
            #expect(tried.output.contains("-            .discriminator(.sgd(10))  // far too fast"))
            let change = ".discriminator(.adam(2e-4, beta1: 0.5, beta2: 0.999))  // far too fast"
            #expect(tried.output.contains("+            \(change)"))
            #expect(try String(contentsOfFile: file, encoding: .utf8) == clipped)
            let report = try JSONSerialization.jsonObject(
                with: Data(contentsOf: URL(fileURLWithPath: "\(folder)/run/mends.json")))
            #expect((report as? [String: Any])?["best"] as? String == "usual-optimisers")
            let page = try String(contentsOfFile: "\(folder)/run/report.html", encoding: .utf8)
            #expect(tried.output.contains("report: run/report.html"))
            #expect(page.contains("<b>usual-optimisers</b> mends it"))
            #expect(page.contains("<span class=\"new\">+            \(change)</span>"))

            let applied = try await cganc("diagnose", "run", "--apply", in: folder)
            #expect(applied.status == 0, "\(applied.errors)")
            let command = "cganc train Clipped.swift --data glyphs --seed 1 --out run-mended"
            #expect(applied.output.contains("train it with: \(command)"))
            #expect(
                try String(contentsOfFile: file, encoding: .utf8)
                    == clipped.replacing(".sgd(10)", with: ".adam(2e-4, beta1: 0.5, beta2: 0.999)"))
            #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o640)

            let again = try await cganc("diagnose", "run", "--apply", in: folder)
            #expect(again.errors.contains("error: Clipped.swift has this change already"))
            let other = try await cganc("diagnose", "run", "--apply", "hinge", in: folder)
            #expect(other.errors.contains("error: Clipped.swift has changed since the run began"))
            let new = try await cganc("diagnose", "run", "--apply", "hinge", "--out", "Hinge.swift", in: folder)
            #expect(new.status == 0, "\(new.errors)")
            #expect(
                try String(contentsOfFile: "\(folder)/Hinge.swift", encoding: .utf8)
                    == clipped.replacing(".binaryCrossEntropy()", with: ".hinge()")
                    .replacing("        Sigmoid()\n", with: ""))
            let over = try await cganc("diagnose", "run", "--apply", "hinge", "--out", "Hinge.swift", in: folder)
            #expect(over.errors.contains("error: Hinge.swift is there already"))
        }
    }

    @Test(
        "trouble that begins late is mended from the checkpoint before it, where the mends of its cause are enough there"
    )
    func fromCheckpoint() async throws {
        try await withTemporaryFolder { folder in
            try late(".nonSaturating()", rate: "1e-4").write(
                toFile: "\(folder)/Late.swift", atomically: true, encoding: .utf8)
            let trained = try await cganc(
                "train", "Late.swift", "--out", "run", "--checkpoint-every", "100", "--telemetry-interval", "20",
                in: folder)
            #expect(trained.status == 0, "\(trained.errors)")
            #expect(trained.output.contains("GZ205"), "\(trained.output)")
            let tried = try await cganc("diagnose", "run", "--try", "--among", "slower-discriminator", in: folder)
            #expect(tried.status == 0, "\(tried.errors)")
            #expect(tried.errors.contains(" steps from step "), "\(tried.errors)")
            #expect(!tried.errors.contains("tried from the beginning"), "\(tried.errors)")
            #expect(tried.errors.contains("seed 2, 500 steps: confirmed, healthy: "), "\(tried.errors)")
            #expect(tried.output.contains("(as it is)            GZ205"), "\(tried.output)")

            let nowhere = try await cganc("diagnose", "run", "--try", "--try-from", "17", in: folder)
            #expect(nowhere.errors.contains("error: run holds no checkpoint of step 17"), "\(nowhere.errors)")
            #expect(nowhere.errors.contains("help: begin at step 0, "))
        }
    }

    @Test("where the last checkpoint before the trouble carries it already, mends are tried from the beginning")
    func fromBeginning() async throws {
        try await withTemporaryFolder { folder in
            let text = late(".wasserstein()", rate: "2e-4")
            try text.write(toFile: "\(folder)/Late.swift", atomically: true, encoding: .utf8)
            let trained = try await cganc(
                "train", "Late.swift", "--out", "run", "--checkpoint-every", "100", "--telemetry-interval", "20",
                in: folder)
            #expect(trained.output.contains("GZ209"), "\(trained.output) \(trained.errors)")
            let tried = try await cganc("diagnose", "run", "--try", "--among", "gradient-penalty", in: folder)
            #expect(tried.errors.contains("no mend was enough from step 200; all are tried from the beginning"))
            #expect(tried.output.contains("  1  gradient-penalty, from step 0  healthy"), "\(tried.output)")
            #expect(tried.errors.contains("seed 2, 500 steps: confirmed, healthy: "), "\(tried.errors)")
        }
    }

    @Test("a run that was tuned is tried as it was trained, and its mended file is to be trained so")
    func tuned() async throws {
        try await withTemporaryFolder { folder in
            try clipped.write(toFile: "\(folder)/Clipped.swift", atomically: true, encoding: .utf8)
            let row = "matmul A·B 16x67x32  blas-columns  tiles 2  blas-columns 1\n"
            try "cganc tuning 1\n\(row)".write(toFile: "\(folder)/blas.tuning", atomically: true, encoding: .utf8)
            let trained = try await cganc(
                "train", "Clipped.swift", "--tuning", "blas.tuning", "--batch", "16", "--out", "run", in: folder)
            #expect(trained.status == 0, "\(trained.errors)")
            let applied = try await cganc("diagnose", "run", "--apply", "usual-optimisers", in: folder)
            #expect(applied.status == 0, "\(applied.errors)")
            #expect(applied.output.contains("--seed 1 --tuning run/tuning.txt --out run-mended"), "\(applied.output)")
            // It was computed by other methods than a run without it.
            try FileManager.default.removeItem(atPath: "\(folder)/run/tuning.txt")
            let untuned = try await cganc("diagnose", "run", "--apply", "hinge", "--out", "Other.swift", in: folder)
            #expect(
                untuned.errors.contains("it has a tuning of its contractions, which is missing"), "\(untuned.errors)")
        }
    }

    @Test("a mend of a model that comes with cganc is written into a new file, whose path is told")
    func shipped() async throws {
        try await withTemporaryFolder { folder in
            let trained = try await cganc("train", "mlp-cgan", "--steps", "2", "--out", "run", in: folder)
            #expect(trained.status == 0, "\(trained.errors)")
            // As if the third step had ended it.
            let verdict = #"{"code": "GZ201", "since": 3, "sentence": "the loss is not finite", "evidence": []}"#
            let metrics = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(folder)/run/metrics.jsonl"))
            try metrics.seekToEnd()
            try metrics.write(contentsOf: Data((#"{"step": 3, "verdict": "# + verdict + "}\n").utf8))
            try metrics.close()
            let applied = try await cganc("diagnose", "run", "--apply", "lower-rates", in: folder)
            #expect(applied.status == 0, "\(applied.errors)")
            let name = "MLPConditionalGAN.swift"
            #expect(applied.output.contains("wrote \(name): run/model.swift with lower-rates"), "\(applied.output)")
            #expect(applied.output.contains("train it with: cganc train \(name) --data glyphs"))
            let summary = try await cganc("summary", name, in: folder)
            #expect(summary.status == 0, "\(summary.errors)")
            let again = try await cganc("diagnose", "run", "--apply", "hinge", in: folder)
            #expect(again.errors.contains("error: \(name) is there already"))
        }
    }

    @Test("a run without a source, a mend that nobody knows, and a run that is not there are refused with a way out")
    func refusals() async throws {
        try await withTinyRun { folder in
            let saved = try await cganc("diagnose", "run", "--try", in: folder)
            #expect(saved.status == 1)
            #expect(saved.errors.contains("error: run does not hold its model's source, which a mend changes"))
            #expect(saved.errors.contains("help: train the model's .swift file"))
            let unknown = try await cganc("diagnose", "run", "--try", "--among", "hinge,magic", in: folder)
            #expect(unknown.errors.contains("--among: there is no mend magic"))
            let nowhere = try await cganc("diagnose", "nowhere", "--try", in: folder)
            #expect(nowhere.status == 1)
        }
    }
}
