import Compiler
import Foundation
import Models
import Testing

@Suite("Emitted C under sanitisers")
struct SanitiserTests {
    @Test(
        "three steps and a sheet stay inside their memory and defined behaviour", arguments: ShippedModel.all)
    func isClean(model: ShippedModel) throws {
        let folder = try TemporaryFolder()
        let files = try model.standalone(batch: 4)
        try folder.write(files)
        try TinyExamples(of: model).write(to: folder)
        let sources = files.files.map(\.name).filter { $0.hasSuffix(".c") }
        let built = try run(
            [
                "gcc", "-std=gnu11", "-O1", "-g", "-march=native", "-pthread", "-fsanitize=address,undefined",
                "-fno-sanitize-recover=undefined",
            ] + sources + ["-o", "sanitised", "-lm"], in: folder.path)
        try #require(built.status == 0, "\(built.output)")
        let trained = try run(["./sanitised", "--data", ".", "--steps", "3", "--threads", "2"], in: folder.path)
        #expect(trained.status == 0, "\(trained.output)")
        #expect(!trained.output.contains("Sanitizer") && !trained.output.contains("runtime error"), "\(trained.output)")
    }
}
