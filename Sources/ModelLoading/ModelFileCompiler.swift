import CGAN
import Foundation
import Subprocess

/// Compiles model files with `swiftc` and keeps the programs.
struct ModelFileCompiler {
    let library: LibraryLocation
    /// Where compiled model files lie: `$XDG_CACHE_HOME/cganc/models` unless told otherwise.
    var cache = ModelFileCompiler.defaultCache

    private static var defaultCache: String {
        let base = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        return (base ?? NSHomeDirectory() + "/.cache") + "/cganc/models"
    }

    /// The command: `swiftc` unless `SWIFTC` names another.
    var command = ProcessInfo.processInfo.environment["SWIFTC"].flatMap { $0.isEmpty ? nil : $0 } ?? "swiftc"

    /// What this process compiles just now, by folder: a second task that wants the same program waits for it.
    private static let underWay = SharedWork<Void>()

    /// The path of the program made of `file`, compiled unless it was compiled before.
    ///
    /// The key is a hash of text, library and compiler; the text itself lies beside the program and is compared, so
    /// that no two texts are ever taken for each other. A build goes to a temporary folder that is then renamed.
    ///
    /// - Throws: `ModelErrors` with the Swift compiler's own messages if it does not accept the file.
    func program(of file: ModelFile) async throws -> String {
        let folder = "\(cache)/\(key(of: file))"
        if !isBuilt(folder, from: file) {
            // By text and path: the messages of the Swift compiler name the path.
            try await Self.underWay.result(of: "\(folder) \(file.path)") { try await build(file, in: folder) }
        }
        return "\(folder)/model"
    }

    private func build(_ file: ModelFile, in folder: String) async throws {
        let temporary = "\(cache)/.building-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: temporary, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(file.source).write(to: URL(fileURLWithPath: "\(temporary)/source.swift"))
        } catch {
            throw ModelErrors([
                ModelError(
                    .fileUnreadable, "the cache \(temporary) cannot be written: \(error.localizedDescription)",
                    help: "make room, or set XDG_CACHE_HOME to a folder that can be written")
            ])
        }
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        try await compile(file, to: "\(temporary)/model")
        // Another process may have been faster and may run its program at this moment: only a folder that is no build
        // of this text makes room.
        if rename(temporary, folder) == 0 || isBuilt(folder, from: file) { return }
        try? FileManager.default.removeItem(atPath: folder)
        if rename(temporary, folder) == 0 || isBuilt(folder, from: file) { return }
        throw ModelErrors([
            ModelError(.fileUnreadable, "\(folder) cannot be written: \(String(cString: strerror(errno)))")
        ])
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

    /// FNV-1a, 64 bits, of everything that the program depends on.
    private func key(of file: ModelFile) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in [file.source, Array(library.identity.utf8), Array(command.utf8)] {
            for byte in part + [0] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
