import Foundation
import Testing

/// `cganc check`, and what `compile` and `train` do with what it finds.
@Suite("Checking")
struct CheckTests {
    /// A model whose generator's loss reads detached images, in `folder`.
    private func writeModel(in folder: String) throws {
        let text = """
            import CGAN

            @main struct Detached: ConditionalGAN {
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
                    let fake = stopGradient(generator(batch.latent, batch.labels))
                    let scores = discriminator(fake, batch.labels)
                    let real = discriminator(batch.images, batch.labels)
                    return Losses(
                        discriminator: mean(softplus(-real)) + mean(softplus(scores)), generator: mean(softplus(-scores)))
                }
                var training: Training { Training(batch: 4, steps: 2) }
            }
            """
        try text.write(toFile: "\(folder)/Detached.swift", atomically: true, encoding: .utf8)
    }

    @Test("a cut gradient is shown with both ends, their lines and carets, and a way out; the exit code is 1")
    func text() async throws {
        try await withTemporaryFolder { folder in
            try writeModel(in: folder)
            let outcome = try await cganc("check", "Detached.swift", in: folder)
            let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            #expect(
                lines[0].hasPrefix("Detached.swift:15:32: error[GZ003]: the generator's gradient is zero: "),
                "\(outcome.output)\(outcome.errors)")
            #expect(lines[1] == "   15 |         let fake = stopGradient(generator(batch.latent, batch.labels))")
            #expect(lines[2] == "      |                                ^")
            #expect(
                lines.contains { $0.hasPrefix("Detached.swift:8:35: note: it does not go on to generator.reshape1") })
            #expect(lines.contains { $0.hasPrefix("help: ") })
            #expect(lines.contains("Detached.swift: 1 error"))
            #expect(outcome.status == 1 && outcome.errors.isEmpty)
        }
    }

    @Test("compile and train stop at an error and write nothing; --allow goes on")
    func waiver() async throws {
        try await withTemporaryFolder { folder in
            try writeModel(in: folder)
            for command in [["compile", "Detached.swift"], ["train", "Detached.swift", "--out", "run"]] {
                let outcome = try await cganc(list: command, in: folder)
                #expect(outcome.status == 1)
                #expect(outcome.errors.contains("error[GZ003]: ") && outcome.errors.contains("--allow GZ003 goes on"))
                #expect(try names(in: folder) == ["Detached.swift"])
            }
            let allowed = try await cganc("compile", "Detached.swift", "--allow", "gz003", in: folder)
            #expect(allowed.status == 0 && !allowed.errors.contains("GZ003"), "\(allowed.errors)")
            let check = try await cganc("check", "Detached.swift", "--allow", "GZ003", in: folder)
            #expect(check.status == 0 && check.output == "Detached.swift: nothing to say\n")
            let unknown = try await cganc("check", "Detached.swift", "--allow", "GZ999", in: folder)
            #expect(unknown.status == 64)
        }
    }

    @Test("as JSON, findings and a model's own errors have the same form")
    func json() async throws {
        try await withTemporaryFolder { folder in
            try writeModel(in: folder)
            let outcome = try await cganc("check", "Detached.swift", "--format", "json", in: folder)
            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
            #expect(outcome.status == 1)
            #expect(report.errors == 1 && report.warnings == 0 && report.findings.map(\.code) == ["GZ003"])
            #expect(report.findings[0].location == Report.Place(file: "Detached.swift", line: 15, column: 32))
            #expect(report.findings[0].evidence.count >= 2)
            #expect(report.findings[0].edit?.after == "        let fake = generator(batch.latent, batch.labels)")
            let broken = try String(contentsOfFile: "\(folder)/Detached.swift", encoding: .utf8)
                .replacing("Dense(16);", with: "Dense(15);")
            try broken.write(toFile: "\(folder)/Broken.swift", atomically: true, encoding: .utf8)
            let errors = try await cganc("check", "Broken.swift", "--format", "json", in: folder)
            let second = try JSONDecoder().decode(Report.self, from: Data(errors.output.utf8))
            #expect(errors.status == 1 && second.findings[0].code == "M007" && second.findings[0].location?.line == 8)
            try broken.replacing("Dense(15);", with: "Dense(fifteen);")
                .write(toFile: "\(folder)/Broken.swift", atomically: true, encoding: .utf8)
            let rejected = try await cganc("check", "Broken.swift", "--format", "json", in: folder)
            let third = try JSONDecoder().decode(Report.self, from: Data(rejected.output.utf8))
            #expect(rejected.status == 1 && third.findings.map(\.code) == ["M104"])
            #expect(third.findings[0].location == Report.Place(file: "Broken.swift", line: 8, column: 15))
            #expect(third.findings[0].evidence.first?.message == "cannot find 'fifteen' in scope")
        }
    }

    @Test("--list says of each parameter whether its gradient can be zero, and by way of what")
    func list() async throws {
        let outcome = try await cganc("check", "mlp-wgan-gp", "--list", in: "/")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.contains("discriminator.dense4.bias: zero but for rounding: what it adds to the loss cancels"))
        #expect(lines.count { $0.contains(".dense") && $0.contains(": zero ") } == 16)
        #expect(lines.last == "mlp-wgan-gp: 2 notes" && outcome.status == 0)
        #expect(try await cganc("check", "mlp-cgan", "--list", "--format", "json", in: "/").status == 64)
    }

    @Test("explain prints a page on every diagnosis, and lists them beside the errors")
    func explain() async throws {
        let list = try await cganc("explain", in: "/").output.split(separator: "\n")
        let codes = list.map { $0.prefix { $0 != ":" } }.filter { $0.hasPrefix("GZ") }
        #expect(codes.count >= 20 && Set(codes).count == codes.count)
        let page = try await cganc("explain", "gz003", in: "/")
        #expect(page.output.hasPrefix("GZ003: a gradient that is cut on its only way\n\n") && page.status == 0)
        #expect(page.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    /// What an editor reads.
    private struct Report: Decodable {
        struct Place: Decodable, Equatable {
            var file: String
            var line, column: Int
        }
        struct Fact: Decodable { var message: String }
        struct Change: Decodable { var before, after: String }
        struct Item: Decodable {
            var code: String
            var location: Place?
            var evidence: [Fact]
            var edit: Change?
        }
        var findings: [Item]
        var errors, warnings: Int
    }
}
