import CGAN
import Foundation
import Testing

/// `cganc diagnose`, and what `train` says of a run.
@Suite("Diagnosing")
struct DiagnoseTests {
    @Test("what train said is what diagnose says, as text and as JSON; the exit code is 1 while something is wrong")
    func idle() async throws {
        try await withTemporaryFolder { folder in
            try save(Idle(), to: "\(folder)/idle.json")
            let trained = try await cganc(
                "train", "idle.json", "--out", "run", "--telemetry-interval", "10", in: folder)
            #expect(trained.status == 0, "\(trained.errors)")
            let lines = trained.errors.split(separator: "\n").map(String.init)
            let told = try #require(lines.first { $0.contains("GZ213") }, "\(trained.errors)")
            #expect(told.hasPrefix("step 119: GZ213: each step changes the "))
            #expect(lines.contains { $0.hasPrefix("step 100: healthy: ") })
            #expect(trained.output.contains("since step 100, GZ213: "))

            let text = try await cganc("diagnose", "run", in: folder)
            #expect(text.status == 1 && text.errors.isEmpty, "\(text.errors)")
            #expect(text.output.hasPrefix("warning[GZ213]: each step changes the "), "\(text.output)")
            #expect(text.output.contains("note: since step 100 of 140\n"))
            #expect(text.output.contains("note: update.ratio."))
            #expect(text.output.contains("help: raise the rate"))
            let json = try await cganc("diagnose", "run", "--format", "json", in: folder)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            let verdict = try #require(object["verdict"] as? [String: Any])
            #expect(verdict["code"] as? String == "GZ213" && verdict["since"] as? Int == 100)
            #expect((object["history"] as? [[String: Any]])?.count == 1 && json.status == 1)
        }
    }

    @Test("a young run is no fault, and a torn last line is not read")
    func young() async throws {
        try await withTinyRun { folder in
            let outcome = try await cganc("diagnose", "run", in: folder)
            #expect(outcome.status == 0)
            #expect(
                outcome.output
                    == "run, step 6: too early to tell: nothing is judged before step 100\nreport: run/report.html\n",
                "\(outcome.output)")
            let path = "\(folder)/run/metrics.jsonl"
            let whole = try String(contentsOfFile: path, encoding: .utf8)
            try (whole + "{\"step\": 7, \"discrim").write(toFile: path, atomically: true, encoding: .utf8)
            let torn = try await cganc("diagnose", "run", in: folder)
            #expect(torn.output == outcome.output && torn.status == 0)
            // Between lines it is an error that names the line.
            let lines = whole.split(separator: "\n").map(String.init)
            try (lines[0] + "\n{\"ste\n" + lines[1] + "\n").write(toFile: path, atomically: true, encoding: .utf8)
            let broken = try await cganc("diagnose", "run", in: folder)
            #expect(broken.status == 1)
            #expect(
                broken.errors.hasPrefix("error: run/metrics.jsonl: line 2 is not a line of metrics"),
                "\(broken.errors)")
        }
    }

    @Test("a folder that is missing, or holds no run, is named with a way out")
    func foreign() async throws {
        try await withTemporaryFolder { folder in
            for (name, says) in [("nowhere", "error: nowhere does not exist"), (".", "error: . holds no metrics")] {
                let outcome = try await cganc("diagnose", name, in: folder)
                #expect(outcome.status == 1 && outcome.output.isEmpty)
                #expect(outcome.errors.hasPrefix(says), "\(outcome.errors)")
                #expect(outcome.errors.contains("help: train first"))
            }
        }
    }

    @Test("a value that is not finite is traced to its line while training, and diagnose shows it again")
    func traced() async throws {
        try await withTemporaryFolder { folder in
            let text = """
                import CGAN

                @main struct Overflow: ConditionalGAN {
                    let images = ImageShape(height: 4, width: 4, channels: 1)
                    let classes = 3
                    var generator: Network {
                        Inputs(.latent, .label(.oneHot))
                        Dense(16); Tanh(); Reshape(4, 4, 1)
                    }
                    var discriminator: Network {
                        Inputs(.image, .label(.oneHot))
                        Dense(8); LeakyReLU(0.2); Dense(1)
                    }
                    func objective(_ batch: Batch) -> Losses {
                        let fake = discriminator(generator(batch.latent, batch.labels), batch.labels)
                        let real = discriminator(batch.images, batch.labels)
                        return Losses(
                            discriminator: mean(softplus(-real)) + mean(softplus(fake)),
                            generator: mean(exp(200 - fake)))
                    }
                    var training: Training { Training(batch: 4, steps: 2) }
                }
                """
            try text.write(toFile: "\(folder)/Overflow.swift", atomically: true, encoding: .utf8)
            let trained = try await cganc("train", "Overflow.swift", "--out", "run", in: folder)
            #expect(trained.status == 1)
            #expect(trained.errors.contains("Overflow.swift:19:32: error[GZ201]: "), "\(trained.errors)")
            #expect(trained.errors.contains("   19 |             generator: mean(exp(200 - fake)))"))
            #expect(trained.errors.contains("error: step 1, generator phase"))
            let again = try await cganc("diagnose", "run", in: folder)
            #expect(again.status == 1)
            #expect(again.output.hasPrefix("Overflow.swift:19:32: error[GZ201]: "), "\(again.output)\(again.errors)")
            #expect(again.output.contains("help: exp overflows above 88"))
        }
    }
}

/// A model that hardly moves.
struct Idle: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var generator: Network { Tiny().generator }
    var discriminator: Network { Tiny().discriminator }
    var objective: Objective { .nonSaturating() }
    var training: Training {
        Training(batch: 8, steps: 140, seed: 5).discriminator(.adam(1e-9)).generator(.adam(1e-9))
    }
}
