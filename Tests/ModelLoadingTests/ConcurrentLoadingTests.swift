import CGAN
import Caching
import Foundation
import Testing

@testable import ModelLoading

/// Several loads of one model at the same time, by a stand-in for the Swift compiler that counts its calls.
@Suite("One model, several loads at a time")
struct ConcurrentLoadingTests {
    /// Compiles anything to a script, after the seconds that the file's first comment names.
    private let compiler = """
        #!/bin/sh
        for argument; do
            if [ "$last" = -o ]; then program=$argument; fi
            last=$argument
        done
        echo "$last" >> "$(dirname "$0")/calls"
        sleep "$(sed -n 's|^// seconds: ||p' "$last")"
        printf '#!/bin/sh\\n' > "$program"
        chmod +x "$program"
        """

    private func compilers(in folder: TemporaryFolder) throws -> ModelFileCompiler {
        let path = try folder.write(compiler, to: "compiler")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return ModelFileCompiler(
            library: try LibraryLocation(), cache: Cache(at: "\(folder.path)/cache"),
            command: "\(folder.path)/compiler")
    }

    private func calls(in folder: TemporaryFolder) throws -> [String] {
        try String(contentsOfFile: "\(folder.path)/calls", encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test("a file that eight tasks load at once is compiled once")
    func once() async throws {
        let folder = try TemporaryFolder()
        let compiler = try compilers(in: folder)
        let file = try ModelFile(try folder.write("// seconds: 0.5\n@main struct Model {}", to: "Model.swift"))
        let programs = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<8 { group.addTask { try await compiler.program(of: file) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(programs.count == 8 && Set(programs).count == 1)
        #expect(try calls(in: folder) == [file.path])
        #expect(FileManager.default.isExecutableFile(atPath: programs[0]))
    }

    @Test("a program that is there stays there when a slower compilation of the same text ends")
    func kept() async throws {
        let folder = try TemporaryFolder()
        let compiler = try compilers(in: folder)
        // The stand-in reads the seconds from the file, so the slow one's text is made equal after it was read.
        let text = "// seconds: 0\n@main struct Model {}"
        let quick = try ModelFile(try folder.write(text, to: "Quick.swift"))
        let slow = try ModelFile(try folder.write(text, to: "Slow.swift"))
        _ = try folder.write(text.replacing("seconds: 0", with: "seconds: 2"), to: "Slow.swift")
        async let later = compiler.program(of: slow)
        while (try? calls(in: folder))?.isEmpty ?? true { try await Task.sleep(for: .milliseconds(5)) }
        let program = try await compiler.program(of: quick)
        let first = try FileManager.default.attributesOfItem(atPath: program)[.systemFileNumber] as? Int
        #expect(try await later == program)
        let after = try FileManager.default.attributesOfItem(atPath: program)[.systemFileNumber] as? Int
        #expect(first != nil && first == after)
        #expect(try calls(in: folder) == [slow.path, quick.path])
    }
}
