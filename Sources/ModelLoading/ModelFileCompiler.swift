import CGAN
import Caching
import Foundation
import Subprocess

/// Compiles model files with `swiftc` and keeps the programs.
struct ModelFileCompiler {
    let library: LibraryLocation
    /// Where compiled model files lie.
    var cache = Cache(named: "models")

    /// The command: `swiftc` unless `SWIFTC` names another.
    var command = ProcessInfo.processInfo.environment["SWIFTC"].flatMap { $0.isEmpty ? nil : $0 } ?? "swiftc"

    /// What this process looks for just now: a second task that wants the same program waits for it.
    private static let underWay = SharedWork<String>()

    /// The path of the program made of `file`, compiled unless it was compiled before.
    ///
    /// The text itself lies beside the program and is compared, so that no two texts are ever taken for each other.
    ///
    /// - Throws: `ModelErrors` with the Swift compiler's own messages if it does not accept the file.
    func program(of file: ModelFile) async throws -> String {
        var key = ContentKey(of: library.identity, command)
        key.add(file.source)
        // By path too: the messages of the Swift compiler name it.
        return try await Self.underWay.result(of: "\(cache.path) \(key.text) \(file.path)") { [key] in
            try await program(of: file, key: key)
        }
    }

    private func program(of file: ModelFile, key: ContentKey) async throws -> String {
        do {
            let folder = try await cache.entry(key, isWhole: { isBuilt($0, from: file) }) { folder in
                try Cache.write(file.source, to: "\(folder)/source.swift")
                try await compile(file, to: "\(folder)/model")
            }
            return "\(folder)/model"
        } catch let error as CacheError {
            throw ModelErrors([
                ModelError(
                    .fileUnreadable, "the cache \(error.path) cannot be written: \(error.reason)",
                    help: "make room, or set XDG_CACHE_HOME to a folder that can be written")
            ])
        }
    }

    private func isBuilt(_ folder: String, from file: ModelFile) -> Bool {
        FileManager.default.contents(atPath: "\(folder)/source.swift").map { [UInt8]($0) == file.source } ?? false
            && FileManager.default.isExecutableFile(atPath: "\(folder)/model")
    }

    private func compile(_ file: ModelFile, to program: String) async throws {
        let arguments = [
            "-parse-as-library", "-module-name", "UserModel", "-I", library.modules, "-L", library.folder, "-lCGAN",
            "-Xlinker", "-rpath", "-Xlinker", library.folder, "-o", program, "--", file.path,
        ]
        let executable: Executable = command.contains("/") ? .path(.init(command)) : .name(command)
        let result: (text: String, isSuccess: Bool)
        do {
            let ended = try await run(
                executable, arguments: Arguments(arguments), output: .string(limit: 1 << 20),
                error: .string(limit: 1 << 20))
            result = (ended.standardOutput + ended.standardError, ended.terminationStatus.isSuccess)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw ModelErrors([
                ModelError(
                    .toolMissing, "no Swift compiler: `\(command)` is not found",
                    help: "install Swift (swift.org/install), or name a compiler in SWIFTC")
            ])
        }
        guard result.isSuccess else {
            throw ModelErrors(
                [
                    ModelError(
                        .doesNotCompile, "the Swift compiler does not accept \(file.path)",
                        help: Self.wayOut(of: result.text))
                ],
                transcript: result.text.trimmingCharacters(in: .newlines))
        }
    }

    /// What can be done about the compiler's messages.
    private static func wayOut(of messages: String) -> String {
        if messages.contains("cannot find type 'ConditionalGAN'") { return "begin the file with: import CGAN" }
        if messages.contains("module compiled with Swift") || messages.contains("newer version of the compiler") {
            return "build cganc with this Swift compiler, or name the one it was built with in SWIFTC"
        }
        return "the places above are in your file; cganc explain M104 says how networks are written"
    }
}
