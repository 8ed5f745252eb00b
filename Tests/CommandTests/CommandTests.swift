import CGAN
import Formats
import Foundation
import Testing

@Suite("Commands")
struct CommandTests {
    @Test("version says the program's, the interface's and the layout's")
    func version() async throws {
        let outcome = try await cganc("version", in: "/")
        #expect(outcome.output.wholeMatch(of: /cganc \d+\.\d+\.\d+ \(C interface \d+, programs \d+\)\n/) != nil)
        #expect(outcome.status == 0)
    }

    @Test("list names the shipped models, with a line on each or alone")
    func list() async throws {
        let lines = try await cganc("list", in: "/").output.split(separator: "\n")
        #expect(lines.count == 8)
        #expect(lines.contains { $0.hasPrefix("dcgan-wgan-gp ") && $0.contains("28x28x1") })
        let alone = try await cganc("list", "--names", in: "/").output.split(separator: "\n")
        #expect(alone.map { String($0) } == lines.map { String($0.prefix { $0 != " " }) })
    }

    @Test("summary lists layers, shapes and parameters, and what a step costs")
    func summary() async throws {
        let text = try await cganc("summary", "dcgan-wgan-gp", in: "/").output
        #expect(text.hasPrefix("dcgan-wgan-gp: images 28x28x1, 10 classes, latent 100, batch 64"))
        #expect(text.contains(/dense1 +Dense\(6272\) +\[64, 6272\] +696,192\n/))
        #expect(text.contains(/total +828,353\n/))
        #expect(text.contains(/FLOPs in a step +[\d,]{13,} in matrix products/))
        #expect(text.contains(/arena +[\d,]+ bytes in float/))
        #expect(text.contains(/discriminator +1 +\d+ +Adam\(0.0001, 0.5, 0.9\)\n/))
    }

    @Test("summary follows the batch that is asked for")
    func batch() async throws {
        let text = try await cganc("summary", "dcgan-wgan-gp", "--batch", "2", in: "/").output
        #expect(text.contains("[2, 6272]"))
    }

    @Test("compile --explain-cost prints each kernel's cost and bound, and writes nothing")
    func explainCost() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let outcome = try await cganc("compile", "tiny.json", "--explain-cost", "--peak", "10", in: folder)
            #expect(outcome.output.hasPrefix("assumed: 10 GFLOP/s and 40 GB/s,"))
            let kernels = try await cganc("compile", "tiny.json", "--show", "kernels", in: folder).output
            // `12 d_latent: …` of the list is row 12, d_latent, of the table.
            let listed = kernels.prefix(upTo: kernels.range(of: "function sample")!.lowerBound).matches(
                of: /(?m)^(\d+) (\w+):/)
            #expect(listed.count > 20)
            for match in listed {
                let row = try Regex("(?m)^ +\(match.1)  \(match.2) +[\\d.]+ .*(compute|memory) +[\\d.]+ +[\\d.]+%$")
                #expect(outcome.output.contains(row), "\(match.0)")
            }
            #expect(try names(in: folder) == ["tiny.json"])
            for (arguments, words) in [
                (["--explain-cost", "--out", "c"], "--explain-cost writes none"),
                (["--show", "c", "--out", "c"], "--show writes none"),
                (["--show", "c", "--explain-cost"], "ask for one of them"),
            ] {
                let refused = try await cganc(list: ["compile", "tiny.json"] + arguments, in: folder)
                #expect(refused.status != 0 && refused.errors.contains(words), "\(refused.errors)")
            }
            let refused = try await cganc("compile", "tiny.json", "--explain-cost", "--peak", "0", in: folder)
            #expect(refused.status != 0 && refused.errors.contains("--peak is 0.0; it has to be between"))
        }
    }

    @Test("compile writes C that reads like C, or prints a level")
    func compile() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let outcome = try await cganc("compile", "tiny.json", "--out", "c", in: folder)
            #expect(outcome.status == 0)
            #expect(try names(in: "\(folder)/c") == ["Makefile", "main.c", "tiny.c", "tiny.h"])
            let source = try String(contentsOfFile: "\(folder)/c/tiny.c", encoding: .utf8)
            #expect(source.contains("#include \"tiny.h\""))
            let printed = try await cganc("compile", "tiny.json", "--show", "c", in: folder)
            #expect(printed.output == source + "\n")
            for level in ["graph", "backward", "optimised", "kernels", "plan"] {
                let text = try await cganc("compile", "tiny.json", "--show", level, in: folder).output
                #expect(text.contains("discriminator"), "\(level)")
            }
            let plain = try await cganc(
                "compile", "tiny.json", "--disable", "algebraic-simplification", "--show", "optimised", in: folder)
            let full = try await cganc("compile", "tiny.json", "--show", "optimised", in: folder)
            #expect(plain.status == 0 && plain.output != full.output)
            let pass = try await cganc("compile", "tiny.json", "--disable", "magic", in: folder)
            #expect(pass.errors.hasPrefix("error: there is no pass magic\nhelp: the passes are "))
            #expect(pass.status == 1)
        }
    }

    @Test("train writes a run and says where its sheet is; sample, resume and another begin work from the folder alone")
    func trainAndSample() async throws {
        try await withTinyRun { folder in
            #expect(try names(in: "\(folder)/run/samples") == ["step-000003.png", "step-000006.png"])
            #expect(
                try names(in: "\(folder)/run/checkpoints") == ["step-000000.safetensors", "step-000006.safetensors"])
            try FileManager.default.removeItem(atPath: "\(folder)/tiny.json")

            let again = try await cganc("train", "--resume", "--out", "run", in: folder)
            #expect(again.output.contains("run has done its 6 steps already"))
            let more = try await cganc("train", "--resume", "--out", "run", "--steps", "8", in: folder)
            #expect(more.status == 0, "\(more.errors)")
            #expect(more.output.contains(/2 steps in .* steps\/s\)/))
            #expect(more.output.contains("samples: run/samples/step-000008.png"))
            #expect(more.output.contains(/generator.loss -?\d/))
            #expect(more.errors.contains("step 8/8 (100%)"))

            let sample = try await cganc("sample", "--run", "run", "--labels", "2,0", "--out", "two.png", in: folder)
            #expect(sample.output == "two.png: 2 images of step 8\n")
            #expect(try PNG.read("\(folder)/two.png").width == (2 * 9 + 1) * 8)
            let grid = try await cganc(
                "sample", "--checkpoint", "run/checkpoints/step-000006.safetensors", "--out", "grid.png", in: folder)
            #expect(grid.output == "grid.png: 30 images of step 6\n")
            // The sheet of the run is what `sample` draws of its checkpoint.
            let drawn = try InputFile.read("\(folder)/grid.png")
            #expect(drawn == (try InputFile.read("\(folder)/run/samples/step-000006.png")))
            let other = try await cganc("sample", "--run", "run", "--seed", "9", "--out", "other.png", in: folder)
            #expect(other.status == 0)
            #expect(drawn != (try InputFile.read("\(folder)/other.png")))
        }
    }

    @Test("dump writes a manifest and the files it lists")
    func dump() async throws {
        try await withTemporaryFolder { folder in
            try save(Tiny(), to: "\(folder)/tiny.json")
            let outcome = try await cganc(
                "dump", "tiny.json", "--seed", "3", "--precision", "double", "--out", "d", in: folder)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let manifest = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/d/manifest.json"))
            let object = try #require(try JSONSerialization.jsonObject(with: manifest) as? [String: Any])
            #expect(object["seed"] as? Int == 3 && object["precision"] as? String == "double")
            let files = try #require(object["tensors"] as? [[String: Any]]).compactMap { $0["file"] as? String }
            #expect(try names(in: "\(folder)/d") == (files + ["manifest.json"]).sorted())
        }
    }

    @Test("init writes a model file that compiles, and never over another")
    func initialise() async throws {
        try await withTemporaryFolder { folder in
            let outcome = try await cganc("init", "my-model", in: folder)
            #expect(outcome.output == "wrote MyModel.swift\ntrain it with: cganc train MyModel.swift\n")
            let text = try InputFile.read("\(folder)/MyModel.swift")
            let again = try await cganc("init", "my-model", in: folder)
            #expect(again.errors.contains("error: MyModel.swift cannot be written"))
            #expect(again.status == 1)
            #expect(try InputFile.read("\(folder)/MyModel.swift") == text)
            let compiled = try await cganc("compile", "MyModel.swift", "--out", "c", in: folder)
            #expect(compiled.status == 0, "\(compiled.errors)")
            #expect(try names(in: "\(folder)/c") == ["Makefile", "main.c", "my_model.c", "my_model.h"])
        }
    }

    @Test("a layer that does not fit is named with its line and column in the model file")
    func misfit() async throws {
        try await withTemporaryFolder { folder in
            _ = try await cganc("init", "my-model", in: folder)
            let path = "\(folder)/MyModel.swift"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let line = try #require(text.split(separator: "\n").first { $0.contains("Reshape(") })
            try text.replacing(line, with: "        Reshape(5, 5, 5)").write(
                toFile: path, atomically: true, encoding: .utf8)
            let outcome = try await cganc("summary", "MyModel.swift", in: folder)
            #expect(
                outcome.errors.firstMatch(of: /^MyModel\.swift:\d+:\d+: error: .* \[M\d{3}\]\n/) != nil,
                "\(outcome.errors)")
            #expect(outcome.status == 1 && outcome.output.isEmpty)
        }
    }

    @Test("explain lists the codes, prints a page of each, and knows no others")
    func explain() async throws {
        let lines = try await cganc("explain", in: "/").output.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("M") } == ModelError.Code.allCases.count)
        let page = try await cganc("explain", "m001", in: "/").output
        #expect(page.hasPrefix("M001: a network has no layers\n\n"))
        #expect(page.split(separator: "\n").allSatisfy { $0.count <= 96 })
        let unknown = try await cganc("explain", "M999", in: "/")
        #expect(unknown.errors == "error: there is no error M999\nhelp: `cganc explain` lists all codes\n")
        #expect(unknown.status == 1)
    }

    @Test("help names every command, and each command has its own")
    func help() async throws {
        let text = try await cganc("--help", in: "/").output
        let commands = ["list", "init", "check", "compile", "summary", "train", "sample", "dump", "explain", "version"]
        for command in commands {
            #expect(text.contains("  \(command) "), "\(command)")
            #expect(try await cganc(command, "--help", in: "/").output.contains("USAGE: cganc \(command)"))
        }
    }
}
