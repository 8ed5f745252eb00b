import Foundation
import Testing

@testable import Native

/// The C compiler as a model's library is built by it.
@Suite("C compiler") struct CCompilerTests {
    @Test("a compiler that cannot share work among cores builds all the same, and a mistake is told once, in its words")
    func sharing() async throws {
        let folder = NSTemporaryDirectory() + "cganc-compiler-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let script = """
            #!/bin/sh
            for argument; do
                case $argument in -flto*) echo shared >>\(folder)/log; exit 1 ;; esac
            done
            echo plain >>\(folder)/log
            exec gcc "$@"
            """
        try script.write(toFile: "\(folder)/cc", atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/cc")
        try "int one(void) { return 1; }\n".write(toFile: "\(folder)/one.c", atomically: true, encoding: .utf8)

        var compiler = try await CCompiler()
        compiler.command = "\(folder)/cc"
        try await compiler.build("\(folder)/one.c", to: "\(folder)/one.so", libraries: [], defines: [])
        #expect(FileManager.default.fileExists(atPath: "\(folder)/one.so"))
        let tried = try String(contentsOfFile: "\(folder)/log", encoding: .utf8)
        #expect(tried == (ProcessInfo.processInfo.activeProcessorCount > 1 ? "shared\nplain\n" : "plain\n"))

        try "int one(void) { return two; }\n".write(toFile: "\(folder)/one.c", atomically: true, encoding: .utf8)
        let error = await #expect(throws: NativeError.self) {
            try await compiler.build("\(folder)/one.c", to: "\(folder)/one.so", libraries: [], defines: [])
        }
        #expect(error?.message.components(separatedBy: "error:").count == 2)
    }
}
