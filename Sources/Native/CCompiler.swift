import Emission
import Foundation
import Subprocess

/// The C compiler that turns emitted text into a shared library.
public struct CCompiler: Sendable {
    /// The command: `gcc` unless `CGANC_CC` names another.
    public var command: String
    /// What its `--version` says first.
    public var version: String
    /// What `-march=native` and the like mean on this machine, as the compiler itself resolves them.
    public var target: String

    /// Options for every build.
    public static let options = BuildOptions.compiling + ["-shared"]

    /// Options by which gcc optimises the parts of one file on several cores: its link-time optimiser cuts them. The machine
    /// code does the same at the same speed; a shipped model takes 2 s for 3 on two cores. Other compilers know no such way.
    private var sharing: [String] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        guard cores > 1, target.contains("__GNUC__"), !target.contains("__clang__") else { return [] }
        return ["-flto=\(min(cores, 8))", "--param", "lto-partitions=8", "--param", "lto-min-partition=500"]
    }

    /// Looks for the compiler and asks what it is.
    ///
    /// - Throws: ``NativeError`` when there is none.
    public init() async throws {
        command = ProcessInfo.processInfo.environment["CGANC_CC"] ?? "gcc"
        guard let banner = try? await Self.output(of: command, ["--version"], limit: 1 << 16), banner.status == 0 else {
            throw NativeError(
                "no C compiler: `\(command) --version` does not run",
                help: "install gcc, for example `apt-get install gcc`, or set CGANC_CC to a compiler")
        }
        version = String(banner.text.prefix { $0 != "\n" })
        let probe = try await Self.output(
            of: command, ["-march=native", "-dM", "-E", "-x", "c", "/dev/null"], limit: 1 << 20)
        target = probe.text
    }

    /// True if emitted C that calls OpenBLAS finds its header.
    public func findsBLAS() async throws -> Bool {
        let arguments = ["-fsyntax-only", "-include", "cblas.h", "-x", "c", "/dev/null"]
        return try await Self.output(of: command, arguments, limit: 1 << 20).status == 0
    }

    /// Compiles `source` to the shared library `library`.
    ///
    /// - Parameters:
    ///   - libraries: what it is linked with.
    ///   - defines: options besides ``options``.
    /// - Throws: ``NativeError`` with the compiler's own words; a missing OpenBLAS is told apart.
    public func build(_ source: String, to library: String, libraries: [String], defines: [String]) async throws {
        let arguments = Self.options + defines + [source, "-o", library] + libraries
        let sharing = sharing
        var result = try await Self.output(of: command, sharing + arguments, limit: 1 << 22)
        // A gcc may have been built without its link-time optimiser.
        if result.status != 0, !sharing.isEmpty {
            result = try await Self.output(of: command, arguments, limit: 1 << 22)
        }
        guard result.status != 0 else { return }
        if result.text.contains("cblas.h") || result.text.contains("-lopenblas") {
            throw NativeError(
                "OpenBLAS is missing: \(command) finds no cblas.h or no libopenblas",
                help: "install it, for example `apt-get install libopenblas-dev`, or leave out --tuning")
        }
        let words = result.text.split(separator: "\n").prefix(12).joined(separator: "\n")
        throw NativeError("\(command) failed on \(source):\n\(words)")
    }

    /// Standard output and error of a command, and its exit status.
    static func output(
        of command: String, _ arguments: [String], limit: Int
    ) async throws -> (text: String, status: Int) {
        let executable: Executable = command.contains("/") ? .path(.init(command)) : .name(command)
        let result = try await run(
            executable, arguments: Arguments(arguments), output: .string(limit: limit), error: .string(limit: limit))
        let text = result.standardOutput + result.standardError
        guard case .exited(let code) = result.terminationStatus else { return (text, -1) }
        return (text, Int(code))
    }
}

/// The number type that emitted C is compiled for.
public enum Precision: String, CaseIterable, Codable, Sendable {
    case float, double

    /// Bytes of one number.
    public var bytes: Int { self == .float ? 4 : 8 }

    /// What the C compiler is told.
    var defines: [String] { self == .double ? ["-DCGANC_DOUBLE"] : [] }
}
